"""People are announced to other services; mails that can be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("announcements", sa.Integer(), server_default="0", nullable=False)
    )
    # Everybody who is there already is announced once.
    op.add_column(
        "users",
        sa.Column(
            "announce_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
        ),
    )
    op.create_index(
        "ix_users_announce_at",
        "users",
        ["announce_at"],
        postgresql_where=sa.text("announce_at IS NOT NULL"),
    )
    op.add_column("notices", sa.Column("thread_id", sa.Uuid(), nullable=True))
    op.add_column("notices", sa.Column("reader_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("notices", "reader_id")
    op.drop_column("notices", "thread_id")
    op.drop_column("users", "announce_at")
    op.drop_column("users", "announcements")
