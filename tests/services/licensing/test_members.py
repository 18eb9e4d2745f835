"""What licensing does when people join and leave accounts."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy import select

from kit.database import Database
from kit.emails import email_key
from kit.ids import new_id
from kit.outbox import Event, OutboxRow
from kit.relay import stream_of
from services.identity import events
from services.licensing.members import Members
from services.licensing.models import Assignment, KeyGroupManager, ProductKey
from tests.support.licensing import (
    INDIVIDUAL,
    a_caller,
    a_group,
    a_key,
    answered,
    assigned_to,
    global_id,
    kept,
)

ACCOUNT, OTHER = new_id(), new_id()


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    """A stream without events."""
    async with Redis.from_url(valkey_url) as client:
        await client.flushall()
        yield client


def joined(user_id: UUID, *groups: UUID, email: str = "ada@example.com", **values: Any) -> Event:
    return events.MemberJoined(
        **{
            "membership_id": new_id(),
            "account_id": ACCOUNT,
            "user_id": user_id,
            "email": email,
            "role": "INDIVIDUAL",
            "key_group_ids": tuple(map(str, groups)),
            **values,
        }
    )


async def heard(licensing: Database, redis: Redis, *facts: Event) -> None:
    """Licensing deals with identity's events."""
    for fact in facts:
        row = OutboxRow(topic=fact.topic, payload=fact.payload())
        await publish(redis, row)
    member = Members(licensing, "redis://unused").consumer(redis)
    await member.join()
    await member.step()


async def publish(redis: Redis, row: OutboxRow) -> None:
    fields: Any = {"id": str(row.id), "topic": row.topic, "payload": orjson.dumps(row.payload)}
    await redis.xadd(stream_of("identity"), fields)


async def managers(licensing: Database, user_id: UUID) -> set[UUID]:
    async with licensing.system() as session:
        rows = await session.scalars(
            select(KeyGroupManager.group_id).where(KeyGroupManager.user_id == user_id)
        )
        return set(rows)


async def an_assigned_key(licensing: Database, email: str, **values: Any) -> ProductKey:
    """A key that was assigned to an address before its person had access."""
    account_id = values.pop("account_id", ACCOUNT)
    key = a_key(account_id, **assigned_to("Ada Byron", email), **values)
    assignment = Assignment(
        account_id=account_id,
        key_id=key.id,
        first_name="Ada",
        last_name="Byron",
        email=email,
        email_key=email_key(email),
        portal_access=True,
    )
    await kept(licensing, key, assignment)
    return key


async def holder(licensing: Database, key: ProductKey) -> tuple[UUID | None, UUID | None]:
    """Whom the key and its history name."""
    async with licensing.system() as session:
        row = await session.get_one(ProductKey, key.id)
        assigned = await session.scalars(
            select(Assignment.user_id).where(Assignment.key_id == key.id)
        )
        return row.assignee_id, assigned.one()


async def test_a_new_member_manages_the_groups_they_were_invited_to_manage(
    licensing: Database, redis: Redis
) -> None:
    own, foreign, user = a_group(ACCOUNT, "One"), a_group(OTHER, "Two"), new_id()
    await kept(licensing, own, foreign)

    await heard(licensing, redis, joined(user, own.id, foreign.id, new_id()))

    assert await managers(licensing, user) == {own.id}


async def test_the_same_news_twice_changes_nothing_more(licensing: Database, redis: Redis) -> None:
    group, user = a_group(ACCOUNT, "Three"), new_id()
    await kept(licensing, group)
    fact = joined(user, group.id)

    await heard(licensing, redis, fact)
    await heard(licensing, redis, fact)

    assert await managers(licensing, user) == {group.id}


async def test_a_removed_member_manages_nothing_in_the_account_any_more(
    licensing: Database, redis: Redis
) -> None:
    here, elsewhere, user = a_group(ACCOUNT, "Four"), a_group(OTHER, "Five"), new_id()
    await kept(licensing, here, elsewhere)
    there = joined(user, elsewhere.id, account_id=OTHER)
    removed = events.MemberRemoved(membership_id=new_id(), account_id=ACCOUNT, user_id=user)

    await heard(licensing, redis, joined(user, here.id), there, removed)

    assert await managers(licensing, user) == {elsewhere.id}


async def test_keys_that_were_assigned_to_an_address_are_its_persons_once_they_join(
    licensing: Database, redis: Redis
) -> None:
    user, email = new_id(), f"Zoé.{new_id()}@example.com"
    key = await an_assigned_key(licensing, email)
    caller = a_caller(*INDIVIDUAL, account_id=ACCOUNT, id=user)
    document = "{ productKeys { nodes { id } } }"
    before = await answered(licensing, caller, document)

    await heard(licensing, redis, joined(user, email=email.upper()))

    after = await answered(licensing, caller, document)
    assert before["productKeys"]["nodes"] == []
    assert after["productKeys"]["nodes"] == [{"id": global_id(key)}]
    assert await holder(licensing, key) == (user, user)


async def test_keys_of_other_accounts_and_of_others_stay_as_they_are(
    licensing: Database, redis: Redis
) -> None:
    user, email = new_id(), f"{new_id()}@example.com"
    elsewhere = await an_assigned_key(licensing, email, account_id=OTHER)
    somebody_elses = await an_assigned_key(licensing, f"x{email}")

    await heard(licensing, redis, joined(user, email=email))

    assert await holder(licensing, elsewhere) == (None, None)
    assert await holder(licensing, somebody_elses) == (None, None)


async def test_a_key_that_was_taken_back_is_only_part_of_the_persons_history(
    licensing: Database, redis: Redis
) -> None:
    user, email = new_id(), f"{new_id()}@example.com"
    key = await an_assigned_key(licensing, email)
    async with licensing.system() as session:
        row = await session.get_one(ProductKey, key.id)
        row.assigned_email = row.assigned_name = row.assigned_at = None
        assignment = await session.scalars(select(Assignment).where(Assignment.key_id == key.id))
        assignment.one().ended_at = key.assigned_at

    await heard(licensing, redis, joined(user, email=email))

    assert await holder(licensing, key) == (None, user)
