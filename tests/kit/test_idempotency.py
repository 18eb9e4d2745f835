"""The same key gives the same answer, once, also when everything happens at the same instant."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from kit.database import Base, Database
from kit.idempotency import (
    IdempotencyMismatch,
    IdempotencyRecord,
    InvalidIdempotencyKey,
    once,
)
from kit.ids import new_id
from kit.principal import Principal
from tests.support.databases import Databases
from tests.support.library import Shelf, a_library, a_reader

ACCOUNT = new_id()


@pytest_asyncio.fixture
async def library(databases: Databases) -> AsyncIterator[Database]:
    async with a_library(databases.empty()) as database:
        async with database.engine.begin() as connection:
            table = Base.metadata.tables[IdempotencyRecord.__tablename__]
            await connection.run_sync(Base.metadata.create_all, tables=[table])
        yield database


async def build_shelf(
    library: Database, caller: Principal, key: str = "k", parameters: Any = None
) -> UUID:
    async with library.session(caller) as session:

        async def act() -> UUID:
            shelf = Shelf(account_id=ACCOUNT)
            session.add(shelf)
            await session.flush()
            return shelf.id

        return await once(
            session, caller, operation="build", key=key, parameters=parameters, act=act
        )


async def shelves(library: Database) -> int:
    async with library.system() as session:
        return await session.scalar(select(func.count(Shelf.id))) or 0


async def test_a_repeated_request_makes_one_thing(library: Database) -> None:
    caller = a_reader(ACCOUNT)

    ids = [await build_shelf(library, caller) for _ in range(3)]

    assert len(set(ids)) == 1
    assert await shelves(library) == 1


async def test_requests_at_the_same_instant_make_one_thing(library: Database) -> None:
    caller = a_reader(ACCOUNT)

    ids = await asyncio.gather(*(build_shelf(library, caller) for _ in range(8)))

    assert len(set(ids)) == 1
    assert await shelves(library) == 1


async def test_other_parameters_under_the_same_key_are_refused(library: Database) -> None:
    caller = a_reader(ACCOUNT)
    await build_shelf(library, caller, parameters={"a": 1, "b": 2})
    await build_shelf(library, caller, parameters={"b": 2, "a": 1})

    with pytest.raises(IdempotencyMismatch):
        await build_shelf(library, caller, parameters={"a": 1, "b": 3})


async def test_another_callers_key_is_not_mine(library: Database) -> None:
    mine = await build_shelf(library, a_reader(ACCOUNT))
    theirs = await build_shelf(library, a_reader(ACCOUNT))

    assert mine != theirs


async def test_a_failed_attempt_leaves_the_key_free(library: Database) -> None:
    caller = a_reader(ACCOUNT)

    async def fail() -> None:
        async with library.session(caller) as session:

            async def act() -> UUID:
                raise LookupError

            await once(session, caller, operation="build", key="k", parameters=None, act=act)

    with pytest.raises(LookupError):
        await fail()

    await build_shelf(library, caller)

    assert await shelves(library) == 1


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_1_to_255_characters(library: Database, key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        await build_shelf(library, a_reader(ACCOUNT), key)
