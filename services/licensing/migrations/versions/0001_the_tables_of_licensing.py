"""The tables of licensing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_deployments()
    _create_downloads()
    _create_key_exports()
    _create_key_groups()
    _create_deployment_environments()
    _create_download_entitlements()
    _create_key_group_managers()
    _create_product_keys()
    _create_seat_assignments()
    _create_activations()
    _create_assignments()
    _create_key_seats()
    _create_registrations()
    _create_login_events()
    _create_offline_activations()
    _create_idempotency_records()
    _create_outbox()
    _create_processed_events()


def downgrade() -> None:
    for table in (
        "processed_events",
        "outbox",
        "idempotency_records",
        "offline_activations",
        "login_events",
        "registrations",
        "key_seats",
        "assignments",
        "activations",
        "seat_assignments",
        "product_keys",
        "key_group_managers",
        "download_entitlements",
        "deployment_environments",
        "key_groups",
        "key_exports",
        "downloads",
        "deployments",
    ):
        op.drop_table(table)


def _create_deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("login_based", sa.Boolean(), nullable=False),
        sa.Column("site_url", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "platform <> 'ONLINE' or login_based", name="ck_deployments_online_is_login_based"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deployments"),
    )
    op.create_index(
        "ix_deployments_account_id_name_id", "deployments", ["account_id", "name", "id"]
    )


def _create_downloads() -> None:
    op.create_table(
        "downloads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product", sa.String(32), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name="ck_downloads_size"),
        sa.PrimaryKeyConstraint("id", name="pk_downloads"),
    )
    op.create_index(
        "ix_downloads_product_released_on_id", "downloads", ["product", "released_on", "id"]
    )


def _create_key_exports() -> None:
    op.create_table(
        "key_exports",
        sa.Column("filter", JSONB(), nullable=False),
        sa.Column("with_history", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("account_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("principal", sa.String(), nullable=True),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_exports"),
    )
    op.create_index("ix_key_exports_state_created_at", "key_exports", ["state", "created_at"])


def _create_key_groups() -> None:
    op.create_table(
        "key_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_groups"),
        sa.UniqueConstraint("account_id", "name", name="uq_key_groups_account_id_name"),
    )
    op.create_index("ix_key_groups_account_id_id", "key_groups", ["account_id", "id"])


def _create_deployment_environments() -> None:
    op.create_table(
        "deployment_environments",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("production", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name="fk_deployment_environments_deployment_id_deployments",
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name="pk_deployment_environments"),
    )
    op.create_index(
        "ix_deployment_environments_account_id_deployment_id",
        "deployment_environments",
        ["account_id", "deployment_id"],
    )
    op.create_index(
        "uq_deployment_environments_production",
        "deployment_environments",
        ["deployment_id"],
        unique=True,
        postgresql_where=sa.text("production"),
    )


def _create_download_entitlements() -> None:
    op.create_table(
        "download_entitlements",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("download_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["download_id"], ["downloads.id"], name="fk_download_entitlements_download_id_downloads"
        ),
        sa.PrimaryKeyConstraint("account_id", "download_id", name="pk_download_entitlements"),
    )


def _create_key_group_managers() -> None:
    op.create_table(
        "key_group_managers",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["key_groups.id"], name="fk_key_group_managers_group_id_key_groups"
        ),
        sa.PrimaryKeyConstraint("group_id", "membership_id", name="pk_key_group_managers"),
    )
    op.create_index(
        "ix_key_group_managers_account_id_membership_id",
        "key_group_managers",
        ["account_id", "membership_id"],
    )
    op.create_index("ix_key_group_managers_membership_id", "key_group_managers", ["membership_id"])
    op.create_index("ix_key_group_managers_user_id", "key_group_managers", ["user_id"])


def _create_product_keys() -> None:
    op.create_table(
        "product_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("secret_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.CHAR(length=2), nullable=False),
        sa.Column("tail", sa.CHAR(length=4), nullable=False),
        sa.Column("product", sa.String(32), nullable=False),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("maintenance_ends_on", sa.Date(), nullable=True),
        sa.Column("visible_from", sa.Date(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_name", sa.String(), nullable=True),
        sa.Column("assigned_email", sa.String(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference_label", sa.String(), nullable=True),
        sa.Column("reference_cost_centre", sa.String(), nullable=True),
        sa.Column("reference_note", sa.String(), nullable=True),
        sa.Column("last_registration_id", sa.Uuid(), nullable=True),
        sa.Column("last_registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_version", sa.String(), nullable=True),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activations_used", sa.Integer(), nullable=False),
        sa.Column("activations_allowed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "activations_used between 0 and activations_allowed", name="ck_product_keys_activations"
        ),
        sa.CheckConstraint("expires_on >= starts_on", name="ck_product_keys_dates_in_order"),
        sa.CheckConstraint("seats > 0", name="ck_product_keys_seats"),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_product_keys_deployment_id_deployments"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["key_groups.id"], name="fk_product_keys_group_id_key_groups"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["product_keys.id"], name="fk_product_keys_replaces_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_product_keys"),
        sa.UniqueConstraint("digest", name="uq_product_keys_digest"),
    )
    op.create_index(
        "ix_product_keys_account_id_assignee_id", "product_keys", ["account_id", "assignee_id"]
    )
    op.create_index(
        "ix_product_keys_account_id_expires_on_id",
        "product_keys",
        ["account_id", "expires_on", "id"],
    )
    op.create_index(
        "ix_product_keys_account_id_maintenance_ends_on_id",
        "product_keys",
        ["account_id", "maintenance_ends_on", "id"],
    )
    op.create_index(
        "ix_product_keys_account_id_owner_id", "product_keys", ["account_id", "owner_id"]
    )
    op.create_index(
        "ix_product_keys_account_id_starts_on_id", "product_keys", ["account_id", "starts_on", "id"]
    )
    op.create_index(
        "ix_product_keys_assigned_trigrams",
        "product_keys",
        ["assigned_name", "assigned_email"],
        postgresql_using="gin",
        postgresql_ops={"assigned_name": "gin_trgm_ops", "assigned_email": "gin_trgm_ops"},
    )
    op.create_index("ix_product_keys_assignee_id", "product_keys", ["assignee_id"])
    op.create_index(
        "ix_product_keys_deployment_id_starts_on_id",
        "product_keys",
        ["deployment_id", "starts_on", "id"],
    )
    op.create_index(
        "ix_product_keys_group_id_starts_on_id", "product_keys", ["group_id", "starts_on", "id"]
    )
    op.create_index("ix_product_keys_owner_id", "product_keys", ["owner_id"])
    op.create_index("ix_product_keys_starts_on_id", "product_keys", ["starts_on", "id"])


def _create_seat_assignments() -> None:
    op.create_table(
        "seat_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name="fk_seat_assignments_deployment_id_deployments",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seat_assignments"),
    )
    op.create_index(
        "ix_seat_assignments_account_id_deployment_id_role",
        "seat_assignments",
        ["account_id", "deployment_id", "role"],
    )
    op.create_index(
        "uq_seat_assignments_deployment_id_role_email_key",
        "seat_assignments",
        ["deployment_id", "role", "email_key"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _create_activations() -> None:
    op.create_table(
        "activations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.Column("fulfilment_id", sa.String(), nullable=True),
        sa.Column("product", sa.String(32), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("host", sa.String(), nullable=True),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_activations_deployment_id_deployments"
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["product_keys.id"], name="fk_activations_key_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activations"),
    )
    op.create_index(
        "ix_activations_account_id_activated_at_id",
        "activations",
        ["account_id", "activated_at", "id"],
    )
    op.create_index(
        "ix_activations_key_id_activated_at_id", "activations", ["key_id", "activated_at", "id"]
    )
    op.create_index(
        "uq_activations_key_id_machine",
        "activations",
        ["key_id", "machine"],
        unique=True,
        postgresql_where=sa.text("deactivated_at IS NULL"),
    )


def _create_assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("portal_access", sa.Boolean(), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["product_keys.id"], name="fk_assignments_key_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_index(
        "ix_assignments_account_id_email_key", "assignments", ["account_id", "email_key"]
    )
    op.create_index(
        "ix_assignments_account_id_key_id_assigned_at",
        "assignments",
        ["account_id", "key_id", "assigned_at"],
    )
    op.create_index(
        "uq_assignments_key_id",
        "assignments",
        ["key_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _create_key_seats() -> None:
    op.create_table(
        "key_seats",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purchased", sa.Integer(), nullable=False),
        sa.CheckConstraint("purchased > 0", name="ck_key_seats_purchased"),
        sa.ForeignKeyConstraint(
            ["key_id"], ["product_keys.id"], name="fk_key_seats_key_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("key_id", "role", name="pk_key_seats"),
    )
    op.create_index("ix_key_seats_account_id_key_id", "key_seats", ["account_id", "key_id"])


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("company", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("machine", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["product_keys.id"], name="fk_registrations_key_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
    )
    op.create_index("ix_registrations_account_id_key_id", "registrations", ["account_id", "key_id"])
    op.create_index("ix_registrations_key_id_at_id", "registrations", ["key_id", "at", "id"])
    op.create_index(
        "ix_registrations_trigrams",
        "registrations",
        ["name", "email", "company"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops", "email": "gin_trgm_ops", "company": "gin_trgm_ops"},
    )


def _create_login_events() -> None:
    op.create_table(
        "login_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("activation_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activation_id"], ["activations.id"], name="fk_login_events_activation_id_activations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_login_events"),
    )
    op.create_index("ix_login_events_account_id_at_id", "login_events", ["account_id", "at", "id"])
    op.create_index("ix_login_events_activation_id_at", "login_events", ["activation_id", "at"])


def _create_offline_activations() -> None:
    op.create_table(
        "offline_activations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("activation_id", sa.Uuid(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("authorized_seconds", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activation_id"],
            ["activations.id"],
            name="fk_offline_activations_activation_id_activations",
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["product_keys.id"], name="fk_offline_activations_key_id_product_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offline_activations"),
    )
    op.create_index(
        "ix_offline_activations_account_id_key_id", "offline_activations", ["account_id", "key_id"]
    )
    op.create_index(
        "ix_offline_activations_activation_id", "offline_activations", ["activation_id"]
    )


def _create_idempotency_records() -> None:
    op.create_table(
        "idempotency_records",
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("parameters", sa.LargeBinary(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller_id", "operation", "key", name="pk_idempotency_records"),
    )
    op.create_index("ix_idempotency_records_created_at", "idempotency_records", ["created_at"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["id"], postgresql_where=sa.text("published_at IS NULL")
    )


def _create_processed_events() -> None:
    op.create_table(
        "processed_events",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("group", "event_id", name="pk_processed_events"),
    )
