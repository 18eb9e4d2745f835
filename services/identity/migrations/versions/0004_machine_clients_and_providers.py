"""Secrets of machine clients that are replaced, sessions with less than their client, and who
people are to the providers they sign in with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("api_clients", sa.Column("previous_secret_hash", sa.LargeBinary(), nullable=True))
    op.add_column(
        "api_clients",
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_api_clients_created_by_id", "api_clients", ["created_by_id"])
    op.add_column("sessions", sa.Column("scopes", sa.ARRAY(sa.String(32)), nullable=True))
    op.create_table(
        "provider_links",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_provider_links_user_id_users"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_provider_links"),
        sa.UniqueConstraint("user_id", "issuer", name="uq_provider_links_user_id_issuer"),
    )


def downgrade() -> None:
    op.drop_table("provider_links")
    op.drop_column("sessions", "scopes")
    op.drop_index("ix_api_clients_created_by_id", "api_clients")
    op.drop_column("api_clients", "previous_secret_until")
    op.drop_column("api_clients", "previous_secret_hash")
