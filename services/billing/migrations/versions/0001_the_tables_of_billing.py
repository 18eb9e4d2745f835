"""The tables of billing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_contracts()
    _create_invoice_exports()
    _create_ledger_acts()
    _create_legal_entities()
    _create_payment_methods()
    _create_payments()
    _create_provider_messages()
    _create_invoices()
    _create_number_series()
    _create_allocations()
    _create_credit_notes()
    _create_invoice_lines()
    _create_ledger_entries()
    _create_reminders()
    _create_tax_lines()
    _create_documents()
    _create_idempotency_records()
    _create_outbox()
    _create_processed_events()


def downgrade() -> None:
    for table in (
        "processed_events",
        "outbox",
        "idempotency_records",
        "documents",
        "tax_lines",
        "reminders",
        "ledger_entries",
        "invoice_lines",
        "credit_notes",
        "allocations",
        "number_series",
        "invoices",
        "provider_messages",
        "payments",
        "payment_methods",
        "legal_entities",
        "ledger_acts",
        "invoice_exports",
        "contracts",
    ):
        op.drop_table(table)


def _create_contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("payer_account_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_contracts_dates_in_order"),
        sa.PrimaryKeyConstraint("id", name="pk_contracts"),
        sa.UniqueConstraint("number", name="uq_contracts_number"),
    )
    op.create_index(
        "ix_contracts_account_id_ends_on_id", "contracts", ["account_id", "ends_on", "id"]
    )
    op.create_index(
        "ix_contracts_payer_account_id_ends_on_id",
        "contracts",
        ["payer_account_id", "ends_on", "id"],
    )


def _create_invoice_exports() -> None:
    op.create_table(
        "invoice_exports",
        sa.Column("filter", JSONB(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_invoice_exports"),
    )
    op.create_index(
        "ix_invoice_exports_state_created_at", "invoice_exports", ["state", "created_at"]
    )


def _create_ledger_acts() -> None:
    op.create_table(
        "ledger_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_acts"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_ledger_acts_kind_subject_id"),
    )


def _create_legal_entities() -> None:
    op.create_table(
        "legal_entities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lines", JSONB(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_legal_entities"),
        sa.UniqueConstraint("code", name="uq_legal_entities_code"),
    )


def _create_payment_methods() -> None:
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_payment_methods"),
    )
    op.create_index(
        "ix_payment_methods_account_id_created_at", "payment_methods", ["account_id", "created_at"]
    )
    op.create_index(
        "uq_payment_methods_default",
        "payment_methods",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text('"default" AND removed_at IS NULL'),
    )


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("provider_token", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("next_action_url", sa.String(), nullable=True),
        sa.Column("save_method", sa.Boolean(), nullable=False),
        sa.Column("method_expires_on", sa.Date(), nullable=True),
        sa.Column("enrol_auto_renew", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_payments_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sa.UniqueConstraint("provider", "reference", name="uq_payments_provider_reference"),
    )
    op.create_index(
        "ix_payments_account_id_created_at_id", "payments", ["account_id", "created_at", "id"]
    )
    op.create_index(
        "ix_payments_pending",
        "payments",
        ["id"],
        postgresql_where=sa.text("state IN ('REQUIRES_ACTION', 'PROCESSING')"),
    )


def _create_provider_messages() -> None:
    op.create_table(
        "provider_messages",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", "message_id", name="pk_provider_messages"),
    )


def _create_invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("payer_account_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("amount_paid", sa.BigInteger(), nullable=False),
        sa.Column("amount_credited", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column(
            "listed_on",
            sa.Date(),
            sa.Computed("COALESCE(issued_on, planned_on)", persisted=True),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("purchase_order", sa.String(), nullable=True),
        sa.Column("bill_to", JSONB(), nullable=False),
        sa.Column("ship_to", JSONB(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'DRAFT') = (issued_on IS NULL)", name="ck_invoices_dated_when_issued"
        ),
        sa.CheckConstraint(
            "(state = 'DRAFT') = (number IS NULL)", name="ck_invoices_numbered_when_issued"
        ),
        sa.CheckConstraint(
            "amount_paid >= 0 AND amount_credited >= 0 AND (total < 0 OR amount_paid + amount_credited <= total)",
            name="ck_invoices_not_overpaid",
        ),
        sa.CheckConstraint(
            "issued_on IS NOT NULL OR planned_on IS NOT NULL", name="ck_invoices_has_a_day"
        ),
        sa.CheckConstraint("total = subtotal + tax", name="ck_invoices_total"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name="fk_invoices_contract_id_contracts"
        ),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"],
            ["legal_entities.id"],
            name="fk_invoices_legal_entity_id_legal_entities",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("number", name="uq_invoices_number"),
    )
    op.create_index("ix_invoices_contract_id", "invoices", ["contract_id"])
    op.create_index("ix_invoices_listed_on_id", "invoices", ["listed_on", "id"])
    op.create_index(
        "ix_invoices_payer_account_id_listed_on_id",
        "invoices",
        ["payer_account_id", "listed_on", "id"],
    )
    op.create_index(
        "ix_invoices_payer_account_id_state_due_on",
        "invoices",
        ["payer_account_id", "state", "due_on"],
    )
    op.create_index(
        "ix_invoices_owing",
        "invoices",
        ["payer_account_id", "currency"],
        postgresql_where=sa.text("state IN ('OPEN', 'PROCESSING')"),
    )
    op.create_index(
        "ix_invoices_search_trigrams",
        "invoices",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )


def _create_number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("legal_entity_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"],
            ["legal_entities.id"],
            name="fk_number_series_legal_entity_id_legal_entities",
        ),
        sa.PrimaryKeyConstraint("legal_entity_id", "document", "year", name="pk_number_series"),
    )


def _create_allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_allocations_positive"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_allocations_invoice_id_invoices"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name="fk_allocations_payment_id_payments"
        ),
        sa.PrimaryKeyConstraint("payment_id", "invoice_id", name="pk_allocations"),
    )
    op.create_index("ix_allocations_invoice_id", "allocations", ["invoice_id"])


def _create_credit_notes() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_credit_notes_positive"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_credit_notes_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credit_notes"),
        sa.UniqueConstraint("number", name="uq_credit_notes_number"),
    )
    op.create_index(
        "ix_credit_notes_account_id_issued_on", "credit_notes", ["account_id", "issued_on"]
    )
    op.create_index("ix_credit_notes_invoice_id", "credit_notes", ["invoice_id"])


def _create_invoice_lines() -> None:
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("tax_category", sa.String(), nullable=False),
        sa.Column("product_key_id", sa.Uuid(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_lines"),
        sa.UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_invoice_id_position"),
    )


def _create_ledger_entries() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("ledger_account", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["ledger_acts.id"], name="fk_ledger_entries_act_id_ledger_acts"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_ledger_entries_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entries"),
    )
    op.create_index(
        "ix_ledger_entries_account_id_ledger_account_currency_booked_on",
        "ledger_entries",
        ["account_id", "ledger_account", "currency", "booked_on"],
    )
    op.create_index("ix_ledger_entries_act_id", "ledger_entries", ["act_id"])
    op.create_index("ix_ledger_entries_invoice_id", "ledger_entries", ["invoice_id"])


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name="fk_reminders_contract_id_contracts"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_reminders_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("contract_id", "kind", name="uq_reminders_contract_id_kind"),
        sa.UniqueConstraint("invoice_id", "kind", name="uq_reminders_invoice_id_kind"),
    )


def _create_tax_lines() -> None:
    op.create_table(
        "tax_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_tax_lines_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tax_lines"),
        sa.UniqueConstraint(
            "invoice_id", "category", "rate", name="uq_tax_lines_invoice_id_category_rate"
        ),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(invoice_id, credit_note_id) = 1", name="ck_documents_one_subject"
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["credit_notes.id"], name="fk_documents_credit_note_id_credit_notes"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_documents_invoice_id_invoices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_account_id_issued_on", "documents", ["account_id", "issued_on"])
    op.create_index("ix_documents_credit_note_id", "documents", ["credit_note_id"])
    op.create_index(
        "uq_documents_subject",
        "documents",
        ["invoice_id", "credit_note_id", "format"],
        unique=True,
        postgresql_nulls_not_distinct=True,
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
