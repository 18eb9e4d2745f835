"""The outbox: an event is written in the transaction that makes it true.

`record` adds a row; when the transaction commits, PostgreSQL wakes the relay (`kit.relay`), which
publishes. Nobody else publishes anything.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Index, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from kit.database import Base, RuledSession, SystemOnly
from kit.ids import new_id

#: The PostgreSQL channel on which the relay listens.
CHANNEL: Final = "outbox"


@dataclass(frozen=True)
class Event:
    """A fact. Subclasses are frozen dataclasses of UUIDs, text, numbers and moments."""

    topic: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fact as JSON: UUIDs and moments as text."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


class OutboxRow(SystemOnly, Base, kw_only=True):
    """One event, until it is published and for as long afterwards as the relay keeps it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    published_at: Mapped[datetime | None] = mapped_column(default=None)


def record(session: AsyncSession, fact: Event) -> None:
    """Announce `fact` if, and when, this transaction commits."""
    session.add(OutboxRow(topic=fact.topic, payload=fact.payload()))


def first_id_of(moment: datetime) -> UUID:
    """The lowest UUIDv7 of a moment: events before it have lower ids."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


@event.listens_for(RuledSession, "after_flush")
def _wake_the_relay(session: Session, flush: UOWTransaction) -> None:
    # PostgreSQL delivers on commit, and one notification however often it was asked for.
    if any(isinstance(row, OutboxRow) for row in session.new):
        session.connection().execute(text(f"NOTIFY {CHANNEL}"))


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
        case _:
            return value
