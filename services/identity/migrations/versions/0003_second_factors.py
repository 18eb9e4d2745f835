"""Second factors confirmed and recovered from, proofs and places of sessions, password resets."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("sign_in_failures")
    op.add_column("sessions", sa.Column("address", sa.String(), nullable=True))
    op.add_column("sessions", _moment("idle_until"))
    op.add_column("sessions", _moment("proven_until"))
    op.alter_column("credentials", "password_hash", nullable=True)
    op.add_column("credentials", sa.Column("pending_totp_secret", sa.LargeBinary(), nullable=True))
    op.add_column("credentials", _moment("pending_since"))
    _create_recovery_codes()
    _create_password_resets()


def downgrade() -> None:
    op.drop_table("password_resets")
    op.drop_table("recovery_codes")
    op.drop_column("credentials", "pending_since")
    op.drop_column("credentials", "pending_totp_secret")
    # An empty hash matches no password.
    op.execute("UPDATE credentials SET password_hash = '' WHERE password_hash IS NULL")
    op.alter_column("credentials", "password_hash", nullable=False)
    op.drop_column("sessions", "proven_until")
    op.drop_column("sessions", "idle_until")
    op.drop_column("sessions", "address")
    _create_sign_in_failures()


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _moment("used_at"),
        _moment("created_at", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_recovery_codes_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
    )


def _create_password_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        _moment("created_at", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_resets_user_id_users"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_password_resets"),
    )
    op.create_index("ix_password_resets_user_id", "password_resets", ["user_id"])
    op.create_index("ix_password_resets_expires_at", "password_resets", ["expires_at"])


def _create_sign_in_failures() -> None:
    op.create_table(
        "sign_in_failures",
        sa.Column("email_hash", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _moment("since", nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_since", "sign_in_failures", ["since"])
