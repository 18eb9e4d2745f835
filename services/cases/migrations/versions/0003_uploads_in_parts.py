"""Uploads that arrive in parts, and files before their case."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.alter_column("case_files", "case_id", nullable=True)
    op.add_column("case_files", sa.Column("finding", sa.String(), nullable=True))
    op.add_column(
        "case_files", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_case_files_scanning",
        "case_files",
        ["leased_until", "created_at"],
        postgresql_where=sa.text("state = 'SCANNING'"),
    )
    _change_upload_sessions()
    _create_upload_parts()


def downgrade() -> None:
    op.drop_table("upload_parts")
    op.execute("DELETE FROM upload_sessions WHERE file_id IS NULL")
    op.drop_constraint("ck_upload_sessions_offset_in_range", "upload_sessions")
    op.drop_column("upload_sessions", "length")
    op.alter_column("upload_sessions", "file_id", nullable=False)
    op.drop_index("ix_case_files_scanning", "case_files")
    op.drop_column("case_files", "leased_until")
    op.drop_column("case_files", "finding")
    op.execute(
        "DELETE FROM upload_sessions WHERE file_id IN "
        "(SELECT id FROM case_files WHERE case_id IS NULL)"
    )
    op.execute("DELETE FROM case_files WHERE case_id IS NULL")
    op.alter_column("case_files", "case_id", nullable=False)


def _change_upload_sessions() -> None:
    op.alter_column("upload_sessions", "file_id", nullable=True)
    op.add_column("upload_sessions", sa.Column("length", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE upload_sessions SET length = case_files.size "
        "FROM case_files WHERE case_files.id = upload_sessions.file_id"
    )
    op.alter_column("upload_sessions", "length", nullable=False)
    op.create_check_constraint(
        "ck_upload_sessions_offset_in_range",
        "upload_sessions",
        '"offset" BETWEEN 0 AND length',
    )


def _create_upload_parts() -> None:
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.CheckConstraint("size > 0", name="ck_upload_parts_size_positive"),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["upload_sessions.id"],
            name="fk_upload_parts_upload_id_upload_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name="pk_upload_parts"),
    )
    op.create_index("uq_upload_parts_object_key", "upload_parts", ["object_key"], unique=True)
