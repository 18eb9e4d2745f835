"""PostgreSQL through SQLAlchemy: one engine per process, sessions that carry the caller.

A session belongs to a principal, and every ORM statement it runs is narrowed to the rows that
the model's `visible_to` grants that principal: lists, counts, search, statistics and loaders
cannot disagree. The system's own work (relays, jobs, sign-in) asks for `system()` by name.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    MetaData,
    Uuid,
    any_,
    bindparam,
    event,
    false,
    text,
    true,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    MappedAsDataclass,
    Mapper,
    ORMExecuteState,
    Session,
    with_loader_criteria,
)
from sqlalchemy.orm.interfaces import ORMOption

from kit.contract import Capability
from kit.principal import Principal

_PRINCIPAL: Final = "principal"


def new_metadata() -> MetaData:
    """A set of tables whose constraints and indexes are named by one convention."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Base(MappedAsDataclass, DeclarativeBase):
    """The root of all models. Each declares `visible_to`, or the service does not start.

    A service's own base sets `__abstract__ = True` and `metadata = new_metadata()`: tables of
    two services may have the same name. The tables of kit itself are on this one's metadata.
    """

    metadata = new_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """The row rule: which rows of this model the caller may see."""
        raise NotImplementedError(f"{cls.__name__} declares no row rule.")


class SystemOnly:
    """Mixin for rows that no caller sees: outbox, jobs' leases, processed events."""

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Nobody."""
        return false()


class NoPrincipal(RuntimeError):
    """A session without a caller tried to read: a fault of ours, never an answer."""


def in_accounts(
    column: InstrumentedAttribute[UUID], principal: Principal, *capabilities: Capability
) -> ColumnElement[bool]:
    """Rows of the accounts in which the caller holds any of these capabilities."""
    if principal.everywhere.intersection(capabilities):
        return true()
    accounts = principal.accounts_with(*capabilities)
    return among(column, accounts) if accounts else false()


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Iterable[UUID]) -> Any:
    """`column = ANY(ids)`: one bound array, so the statement is the same for any number of ids."""
    return column == any_(array_of(ids))


def array_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    """The ids as one bound array."""
    return bindparam(None, list(ids), type_=ARRAY(Uuid()), unique=True)


class RuledSession(Session):
    """A session whose statements are narrowed to what its principal may see."""


class Database:
    """One service's database: an engine and the sessions on it."""

    def __init__(self, url: str, *, pool_size: int = 5, max_overflow: int = 5) -> None:
        require_row_rules(mapper.class_ for mapper in Base.registry.mappers)
        self.engine = create_async_engine(
            asyncpg_url(url),
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=True,
            hide_parameters=True,  # what people wrote stays out of the logs
        )
        self._sessions = async_sessionmaker(
            self.engine, sync_session_class=RuledSession, expire_on_commit=False
        )

    @asynccontextmanager
    async def session(self, principal: Principal) -> AsyncIterator[AsyncSession]:
        """A transaction in the caller's name, committed when the block ends without an error."""
        async with self._sessions(info={_PRINCIPAL: principal}) as session, session.begin():
            yield session

    @asynccontextmanager
    async def system(self) -> AsyncIterator[AsyncSession]:
        """A transaction in the system's own name: no row rule applies."""
        async with self._sessions(info={_PRINCIPAL: None}) as session, session.begin():
            yield session

    async def check(self) -> None:
        """Raises when the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def asyncpg_url(url: str) -> URL:
    """The same database through asyncpg, whatever driver the URL names."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def require_row_rules(models: Iterable[type[Any]]) -> None:
    """Raises `NotImplementedError` when a model has no row rule of its own."""
    for model in models:
        if model.visible_to.__func__ is Base.visible_to.__func__:  # type: ignore[attr-defined]
            raise NotImplementedError(f"{model.__name__} declares no row rule.")


@event.listens_for(RuledSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return  # the criteria travel with the statement that loaded the row
    if _PRINCIPAL not in state.session.info:
        raise NoPrincipal("This session was not opened for a caller nor for the system.")
    principal = state.session.info[_PRINCIPAL]
    if principal is not None:
        state.statement = state.statement.options(*_row_rules(principal))


@lru_cache(maxsize=1024)
def _row_rules(principal: Principal) -> tuple[ORMOption, ...]:
    mappers: Iterable[Mapper[Any]] = sorted(
        Base.registry.mappers, key=lambda mapper: mapper.class_.__name__
    )
    return tuple(
        with_loader_criteria(
            mapper.class_, mapper.class_.visible_to(principal), include_aliases=True
        )
        for mapper in mappers
    )
