"""Ratings that change, feedback on articles, and changes that customers do not notice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "cases", sa.Column("staff_changes", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("cases", "staff_changes", server_default=None)
    op.create_index(
        "ix_cases_resolved",
        "cases",
        ["resolved_at"],
        postgresql_where=sa.text("status = 'RESOLVED'"),
    )
    op.add_column("case_ratings", sa.Column("updated_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE case_ratings SET updated_at = created_at")
    op.alter_column("case_ratings", "updated_at", nullable=False)
    _create_article_feedback()


def downgrade() -> None:
    op.drop_table("article_feedback")
    op.drop_column("case_ratings", "updated_at")
    op.drop_index("ix_cases_resolved", "cases")
    op.drop_column("cases", "staff_changes")


def _create_article_feedback() -> None:
    op.create_table(
        "article_feedback",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="fk_article_feedback_article_id_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "user_id", name="pk_article_feedback"),
    )
