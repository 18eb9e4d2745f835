"""What identity tells of people is known here: the latest of it, however it arrives."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from kit.relay import Relay
from kit.streams import Received
from services.cases.models import Person, PersonMembership
from services.cases.people import PeopleFollower, member_of, remember
from tests.support.cases import OWN, a_caller, a_stranger
from tests.support.corresponding import a_person

ACCOUNTS = [new_id() for _ in range(3)]


def told(user_id: UUID, revision: int, *account_ids: UUID, **values: Any) -> Received:
    """An event of identity's."""
    payload = {
        "user_id": str(user_id),
        "revision": revision,
        "name": f"Ada {revision}",
        "email": "Ada@Example.com",
        "locale": "fr",
        "account_ids": [str(id) for id in account_ids],
        "principal": None,
        **values,
    }
    return Received(new_id(), "identity.person-changed", payload)


async def heard(cases: Database, *events: Received) -> None:
    for event in events:
        async with cases.system() as session:
            await remember(session, event)


async def accounts_of(cases: Database, user_id: UUID) -> set[UUID]:
    async with cases.system() as session:
        rows = await session.scalars(
            select(PersonMembership.account_id).where(PersonMembership.user_id == user_id)
        )
        return set(rows)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_latest_announcement_holds_in_whatever_order_they_come(
    cases: Database, order: tuple[int, ...]
) -> None:
    id = new_id()
    events = [told(id, 1, *ACCOUNTS), told(id, 2), told(id, 3, ACCOUNTS[1])]

    await heard(cases, *(events[each] for each in order), events[order[0]])

    async with cases.system() as session:
        person = await session.get_one(Person, id)
    assert (person.revision, person.name, person.email_key) == (3, "Ada 3", "ada@example.com")
    assert await accounts_of(cases, id) == {ACCOUNTS[1]}


async def test_members_are_known_to_callers_who_see_nothing_of_people(cases: Database) -> None:
    member = new_id()
    await heard(cases, told(member, 1, ACCOUNTS[0]))

    async with cases.session(a_stranger()) as session:
        found = await session.scalars(select(Person))
        visible = found.all()
        is_member = [await member_of(session, account, member) for account in ACCOUNTS]

    assert visible == []
    assert is_member == [True, False, False]


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_rights_end_by_themselves(passed: timedelta) -> None:
    now = datetime.now(UTC)
    person = a_person(replace(a_caller(*OWN), valid_until=now + timedelta(days=30)))

    rights = person.rights_at(now + passed)

    assert (rights is not None) == (passed < timedelta(days=30))


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey_url) as redis:
        await redis.flushall()
        yield redis


async def test_what_identity_publishes_arrives(
    cases: Database, redis: Redis, valkey_url: str
) -> None:
    id, principal = new_id(), a_caller(*OWN)
    event = told(id, 1, ACCOUNTS[0], principal=principal.encode())
    async with cases.system() as session:
        session.add(OutboxRow(topic=event.topic, payload=dict(event.payload)))
    # The outbox of cases stands for identity's: the stream's name makes it so.
    await Relay("identity", cases, redis).publish()
    member = PeopleFollower(cases, valkey_url).consumer(redis)

    await member.join()
    await member.step()

    async with cases.system() as session:
        person = await session.get_one(Person, id)
    rights = person.rights_at(datetime.now(UTC))
    assert rights is not None
    assert rights.accounts == principal.accounts
