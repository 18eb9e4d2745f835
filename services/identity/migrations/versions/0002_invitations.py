"""Invitations sent again, relations ended at once, notices, lost administrators restored."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "invitations", sa.Column("sends", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("invitations", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "partner_relations", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True)
    )
    _create_notices()
    _create_notification_preferences()
    _create_restorations()
    _create_restoration_approvals()


def downgrade() -> None:
    op.drop_table("restoration_approvals")
    op.drop_table("restorations")
    op.drop_table("notification_preferences")
    op.drop_table("notices")
    op.drop_column("partner_relations", "ended_at")
    op.drop_column("invitations", "sent_at")
    op.drop_column("invitations", "sends")


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("token_purpose", sa.String(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "event_id", "email_key", "wording", name="uq_notices_event_id_email_key_wording"
        ),
    )
    op.create_index(
        "ix_notices_due", "notices", ["due_at"], postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_index("ix_notices_created_at", "notices", ["created_at"])


def _create_notification_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notification_preferences_user_id_users"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name="pk_notification_preferences"),
    )


def _create_restorations() -> None:
    op.create_table(
        "restorations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_restorations_account_id_accounts",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["users.id"],
            name="fk_restorations_requested_by_id_users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_restorations"),
    )
    op.create_index(
        "ix_restorations_pending",
        "restorations",
        ["account_id"],
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _create_restoration_approvals() -> None:
    op.create_table(
        "restoration_approvals",
        sa.Column("restoration_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["restoration_id"],
            ["restorations.id"],
            name="fk_restoration_approvals_restoration_id_restorations",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_restoration_approvals_user_id_users"
        ),
        sa.PrimaryKeyConstraint("restoration_id", "user_id", name="pk_restoration_approvals"),
    )
