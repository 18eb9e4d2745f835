"""Exports of the library (`tests.support.library`): the books of some accounts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability, ExportFormat
from kit.database import Database
from kit.exports.cells import Row
from kit.exports.job import ExportJob
from kit.exports.runner import Report
from kit.ids import new_id
from kit.messages import Message
from kit.outbox import Event
from kit.principal import Principal
from tests.support.library import Book, LibraryBase, a_reader

MINE, THEIRS = new_id(), new_id()
ME = a_reader(MINE)


class BookExport(ExportJob, LibraryBase, kw_only=True):
    """The books of some accounts whose title begins in some way."""

    __tablename__ = "book_exports"

    capability = Capability.CASE_READ_ALL

    beginning: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class BookExportEnded(Event):
    """There is a file, or there never will be."""

    topic: ClassVar[str] = "library.book-export-ended"

    export_id: UUID
    state: str

    @classmethod
    def of(cls, job: BookExport) -> "BookExportEnded":
        return cls(export_id=job.id, state=job.state.value)


def an_export(
    principal: Principal,
    *,
    format: ExportFormat = ExportFormat.CSV,
    locale: str = "en",
    beginning: str = "",
) -> BookExport:
    """Asked for by somebody, of all the accounts they have."""
    return BookExport(
        requested_by_id=principal.id,
        account_ids=list(principal.accounts),
        principal=principal.encode(),
        format=format,
        locale=locale,
        beginning=beginning,
    )


async def books(session: AsyncSession, job: BookExport) -> AsyncIterator[Row]:
    chosen = select(Book).where(Book.title.startswith(job.beginning, autoescape=True))
    found = await session.stream_scalars(chosen.order_by(Book.title))
    async for book in found:
        yield [book.title, book.pages]


REPORT: Report[BookExport] = Report(
    title=Message("Books"), columns=lambda job: [Message("Title"), Message("Pages")], rows=books
)


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


async def queued(library: Database, job: BookExport) -> UUID:
    async with library.system() as session:
        session.add(job)
    return job.id


async def now(library: Database, id: UUID) -> BookExport:
    async with library.system() as session:
        return await session.get_one(BookExport, id)
