"""Exports as jobs that carry their requester's rights and a lease; exports of the audit log."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # What was asked for before cannot be made: nothing says with which rights.
    op.drop_table("user_exports")
    _create_jobs("user_exports")
    _create_jobs("audit_exports", _moment("since"), _moment("until"))
    op.create_index(
        "ix_audit_events_account_id_action_at", "audit_events", ["account_id", "action", "at"]
    )
    op.create_index(
        "ix_audit_events_account_id_actor_id_at", "audit_events", ["account_id", "actor_id", "at"]
    )


def downgrade() -> None:
    op.drop_index("ix_audit_events_account_id_actor_id_at", "audit_events")
    op.drop_index("ix_audit_events_account_id_action_at", "audit_events")
    op.drop_table("audit_exports")
    op.drop_table("user_exports")
    _create_user_exports_of_one_account()


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_jobs(table: str, *columns: sa.Column[datetime]) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("account_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("principal", sa.String(), nullable=True),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _moment("leased_until"),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _moment("expires_at"),
        _moment("created_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_state_created_at", table, ["state", "created_at"])


def _create_user_exports_of_one_account() -> None:
    op.create_table(
        "user_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _moment("leased_until"),
        _moment("expires_at"),
        _moment("created_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_user_exports_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_exports"),
    )
    op.create_index(
        "ix_user_exports_account_id_requested_by_id_id",
        "user_exports",
        ["account_id", "requested_by_id", "id"],
    )
    op.create_index("ix_user_exports_state_created_at", "user_exports", ["state", "created_at"])
