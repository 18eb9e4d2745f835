"""The tables of what cases are measured by, and of what stands beside them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

revision = "0002"
down_revision = "0001"

_WORDS = """
CASE language
    WHEN 'fr' THEN setweight(to_tsvector('french', title), 'A')
        || setweight(to_tsvector('french', keywords), 'B')
        || to_tsvector('french', body)
    ELSE setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', keywords), 'B')
        || to_tsvector('english', body)
END
"""

#: Minutes until support answers, first and later: the promises that plans begin with.
_TARGETS = (
    ("STANDARD", "PRODUCTION_DOWN", 8 * 60, 24 * 60, False),
    ("STANDARD", "SEVERE", 24 * 60, 72 * 60, False),
    ("STANDARD", "REDUCED", 24 * 60, 72 * 60, False),
    ("STANDARD", "QUESTION", 40 * 60, 80 * 60, False),
    ("EXTENDED", "PRODUCTION_DOWN", 60, 24 * 60, True),
    ("EXTENDED", "SEVERE", 2 * 60, 48 * 60, False),
    ("EXTENDED", "REDUCED", 8 * 60, 72 * 60, False),
    ("EXTENDED", "QUESTION", 24 * 60, 72 * 60, False),
    ("PREMIUM", "PRODUCTION_DOWN", 30, 12 * 60, True),
    ("PREMIUM", "SEVERE", 2 * 60, 24 * 60, True),
    ("PREMIUM", "REDUCED", 4 * 60, 48 * 60, False),
    ("PREMIUM", "QUESTION", 8 * 60, 72 * 60, False),
)


def upgrade() -> None:
    _create_account_support()
    _create_holidays()
    _create_service_targets()
    _create_articles()
    _create_notification_preferences()
    _create_case_exports()
    _promise()


def downgrade() -> None:
    for table in (
        "case_exports",
        "notification_preferences",
        "articles",
        "service_targets",
        "holidays",
        "account_support",
    ):
        op.drop_table(table)


def _create_account_support() -> None:
    op.create_table(
        "account_support",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(32), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_account_support"),
    )


def _create_holidays() -> None:
    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_holidays"),
    )


def _create_service_targets() -> None:
    op.create_table(
        "service_targets",
        sa.Column("plan", sa.String(32), nullable=False),
        sa.Column("impact", sa.String(32), nullable=False),
        sa.Column("first_response", sa.Integer(), nullable=False),
        sa.Column("next_update", sa.Integer(), nullable=False),
        sa.Column("around_the_clock", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "first_response > 0 AND next_update > 0", name="ck_service_targets_minutes_positive"
        ),
        sa.PrimaryKeyConstraint("plan", "impact", name="pk_service_targets"),
    )


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("snippet", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("keywords", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", TSVECTOR(), sa.Computed(_WORDS, persisted=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_words", "articles", ["words"], postgresql_using="gin")


def _create_notification_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on_comment", sa.Boolean(), nullable=False),
        sa.Column("on_status", sa.Boolean(), nullable=False),
        sa.Column("on_file_request", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "user_id", name="pk_notification_preferences"),
    )


def _create_case_exports() -> None:
    op.create_table(
        "case_exports",
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
        sa.PrimaryKeyConstraint("id", name="pk_case_exports"),
    )
    op.create_index("ix_case_exports_state_created_at", "case_exports", ["state", "created_at"])


def _promise() -> None:
    targets = sa.table(
        "service_targets",
        *map(sa.column, ("plan", "impact", "first_response", "next_update", "around_the_clock")),
    )
    names = [column.name for column in targets.columns]
    op.bulk_insert(targets, [dict(zip(names, row, strict=True)) for row in _TARGETS])
