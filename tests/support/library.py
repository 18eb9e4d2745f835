"""A tiny service for the tests of kit: shelves belong to accounts, books stand on shelves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import Capability, PrincipalKind
from kit.database import Base, Database, in_accounts, new_metadata
from kit.ids import new_id
from kit.principal import Principal


class LibraryBase(Base):
    """The library's own tables."""

    __abstract__ = True
    metadata = new_metadata()


class Shelf(LibraryBase, kw_only=True):
    """Visible to those who may read cases in its account."""

    __tablename__ = "shelves"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        return in_accounts(cls.account_id, principal, Capability.CASE_READ_ALL)


class Book(LibraryBase, kw_only=True):
    """Visible with its shelf."""

    __tablename__ = "books"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    shelf_id: Mapped[UUID] = mapped_column(ForeignKey("shelves.id"))
    title: Mapped[str]
    pages: Mapped[int | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        return cls.shelf_id.in_(select(Shelf.id))


def a_reader(*accounts: UUID) -> Principal:
    """Reads the cases of these accounts."""
    held = frozenset({Capability.CASE_READ_ALL})
    return Principal(
        kind=PrincipalKind.CUSTOMER, id=new_id(), accounts=dict.fromkeys(accounts, held)
    )


@asynccontextmanager
async def a_library(url: str) -> AsyncIterator[Database]:
    """The two tables, empty, in an empty database."""
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(LibraryBase.metadata.create_all)
    try:
        yield database
    finally:
        await database.close()
