"""The mail behind a notice: each service has a table of its own, with these columns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, MappedAsDataclass, declared_attr, mapped_column

from kit.columns import utc_now
from kit.ids import new_id
from kit.principal import Principal


class NoticeRow(MappedAsDataclass, kw_only=True):
    """One mail to one address: `class Notice(NoticeRow, Base, kw_only=True)`. No secret is kept
    here: links and addresses that hold one are made when the mail is sent."""

    #: The same however often the mail is sent: its Message-ID follows from it.
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    event_id: Mapped[UUID]
    email: Mapped[str]
    email_key: Mapped[str]
    locale: Mapped[str]
    #: The name of what it says, in `Postman.wordings`.
    wording: Mapped[str]
    params: Mapped[dict[str, str]] = mapped_column(JSONB)
    page: Mapped[str]
    #: What the secret in the link is for and derived from, in links that hold one.
    token_purpose: Mapped[str | None] = mapped_column(default=None)
    token_id: Mapped[UUID | None] = mapped_column(default=None)
    #: What the mail is about and who reads it, where its reader may answer.
    thread_id: Mapped[UUID | None] = mapped_column(default=None)
    reader_id: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    due_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    tries: Mapped[int] = mapped_column(default=0)
    #: When it was sent or given up.
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Why it was given up.
    failure: Mapped[str | None] = mapped_column(default=None)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """An event queues one mail of a kind to an address; the queue is looked through often."""
        return (
            UniqueConstraint("event_id", "email_key", "wording"),
            Index("ix_notices_due", "due_at", postgresql_where=text("done_at IS NULL")),
            Index(None, "created_at"),
        )

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Nobody."""
        return false()
