"""The tables of cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("case_numbers")))
    _create_cases()
    _create_case_comments()
    _create_case_events()
    _create_case_participants()
    _create_case_ratings()
    _create_case_viewings()
    _create_case_files()
    _create_file_requests()
    _create_upload_sessions()
    _create_idempotency_records()
    _create_outbox()
    _create_processed_events()


def downgrade() -> None:
    for table in (
        "processed_events",
        "outbox",
        "idempotency_records",
        "upload_sessions",
        "file_requests",
        "case_files",
        "case_viewings",
        "case_ratings",
        "case_participants",
        "case_events",
        "case_comments",
        "cases",
    ):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("case_numbers")))


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("impact", sa.String(32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("type_detail", sa.String(), nullable=True),
        sa.Column("product_version", sa.String(), nullable=True),
        sa.Column("product_key_id", sa.Uuid(), nullable=True),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("first_response_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_update_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name="ck_cases_severity_in_range"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index(
        "ix_cases_account_id_created_at_id", "cases", ["account_id", "created_at", "id"]
    )
    op.create_index(
        "ix_cases_account_id_customer_updated_at_id",
        "cases",
        ["account_id", "customer_updated_at", "id"],
    )
    op.create_index("ix_cases_account_id_queue_status", "cases", ["account_id", "queue", "status"])
    op.create_index(
        "ix_cases_account_id_requester_id_created_at_id",
        "cases",
        ["account_id", "requester_id", "created_at", "id"],
    )
    op.create_index(
        "ix_cases_assignee_id",
        "cases",
        ["assignee_id"],
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_open",
        "cases",
        ["queue", "due_at"],
        postgresql_where=sa.text("status NOT IN ('RESOLVED', 'CLOSED')"),
    )
    op.create_index("ix_cases_product_key_id", "cases", ["product_key_id"])
    op.create_index("ix_cases_queue_created_at_id", "cases", ["queue", "created_at", "id"])
    op.create_index("ix_cases_queue_updated_at_id", "cases", ["queue", "updated_at", "id"])
    op.create_index(
        "ix_cases_text_trigrams",
        "cases",
        ["subject", "description"],
        postgresql_using="gin",
        postgresql_ops={"subject": "gin_trgm_ops", "description": "gin_trgm_ops"},
    )


def _create_case_comments() -> None:
    op.create_table(
        "case_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_comments_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_comments"),
    )
    op.create_index(
        "ix_case_comments_body_trigrams",
        "case_comments",
        ["body"],
        postgresql_using="gin",
        postgresql_ops={"body": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_case_comments_case_id_created_at_id", "case_comments", ["case_id", "created_at", "id"]
    )


def _create_case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    )
    op.create_index("ix_case_events_case_id_at_id", "case_events", ["case_id", "at", "id"])


def _create_case_participants() -> None:
    op.create_table(
        "case_participants",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("access", sa.String(32), nullable=False),
        sa.Column("shared_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_participants_case_id_cases"
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_case_participants"),
    )
    op.create_index(
        "ix_case_participants_user_id_case_id", "case_participants", ["user_id", "case_id"]
    )


def _create_case_ratings() -> None:
    op.create_table(
        "case_ratings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_case_ratings_score_in_range"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_ratings_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_case_ratings"),
    )
    op.create_index(
        "ix_case_ratings_account_id_created_at", "case_ratings", ["account_id", "created_at"]
    )


def _create_case_viewings() -> None:
    op.create_table(
        "case_viewings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_viewings_case_id_cases"),
        sa.PrimaryKeyConstraint("user_id", "case_id", name="pk_case_viewings"),
    )
    op.create_index(
        "ix_case_viewings_user_id_viewed_at_case_id",
        "case_viewings",
        ["user_id", "viewed_at", "case_id"],
    )


def _create_case_files() -> None:
    op.create_table(
        "case_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name="ck_case_files_size_not_negative"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_files_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["case_comments.id"], name="fk_case_files_comment_id_case_comments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_files"),
    )
    op.create_index(
        "ix_case_files_case_id_created_at_id", "case_files", ["case_id", "created_at", "id"]
    )
    op.create_index("ix_case_files_comment_id", "case_files", ["comment_id"])


def _create_file_requests() -> None:
    op.create_table(
        "file_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_file_requests_case_id_cases"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["case_comments.id"], name="fk_file_requests_comment_id_case_comments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_file_requests"),
    )
    op.create_index(
        "ix_file_requests_account_id_case_id_created_at",
        "file_requests",
        ["account_id", "case_id", "created_at"],
    )


def _create_upload_sessions() -> None:
    op.create_table(
        "upload_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_files.id"], name="fk_upload_sessions_file_id_case_files"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_upload_sessions"),
    )
    op.create_index(
        "ix_upload_sessions_account_id_user_id_created_at",
        "upload_sessions",
        ["account_id", "user_id", "created_at"],
    )
    op.create_index("ix_upload_sessions_expires_at", "upload_sessions", ["expires_at"])
    op.create_index("ix_upload_sessions_file_id", "upload_sessions", ["file_id"], unique=True)


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
