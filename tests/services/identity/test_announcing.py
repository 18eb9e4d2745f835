"""Other services are told of people: once of everybody, and again whenever something changes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy import delete, insert, select, text, update

from kit.contract import Capability
from kit.database import Database
from kit.emails import email_key
from kit.ids import new_id
from kit.outbox import OutboxRow
from kit.principal import Principal
from kit.relay import Relay
from services.identity.announcing import Announcer, announce_everybody, announce_person
from services.identity.events import PersonChanged
from services.identity.models import AccountKind, MembershipState, Role, User, UserState
from tests.support.identity import a_member, a_relation, a_user, global_id, kept
from tests.support.managing import a_team, done, proven


@pytest_asyncio.fixture
async def nobody(identity: Database) -> AsyncIterator[Database]:
    """A database in which everybody has been announced, and nothing is on its way."""
    async with identity.system() as session:
        await session.execute(update(User).values(announce_at=None))
        await session.execute(delete(OutboxRow))
    yield identity


def an_announcer(identity: Database, now: datetime | None = None) -> Announcer:
    moment = now or datetime.now(UTC) + timedelta(seconds=1)
    return Announcer("identity", identity, "redis://unused", now=lambda: moment)


async def told(identity: Database, user: User) -> list[dict[str, Any]]:
    """What was announced of a person, oldest first."""
    async with identity.system() as session:
        rows = await session.scalars(
            select(OutboxRow.payload)
            .where(
                OutboxRow.topic == PersonChanged.topic,
                OutboxRow.payload["user_id"].astext == str(user.id),
            )
            .order_by(OutboxRow.id)
        )
        return list(rows)


async def announce_all(identity: Database) -> int:
    announcer, count = an_announcer(identity), 0
    while found := await announcer.step():
        count += found
    return count


async def test_everybody_who_is_there_is_announced_once(nobody: Database) -> None:
    team = await a_team(nobody, Role.ADMINISTRATOR, Role.BILLING)

    first, again = await announce_all(nobody), await announce_all(nobody)

    assert (first, again) == (2, 0)
    (payload,) = await told(nobody, team.people[0])
    assert payload["account_ids"] == [str(team.account.id)]
    principal = Principal.decode(payload["principal"])
    assert Capability.CASE_READ_ALL in principal.accounts[team.account.id]
    assert principal.session_id is None


async def test_people_who_come_past_the_models_are_announced_too(nobody: Database) -> None:
    user = a_user()
    async with nobody.system() as session:
        row = {"id": user.id, "email": user.email, "email_key": email_key(user.email)}
        names = {"first_name": "Emmy", "last_name": "Noether", "state": UserState.ACTIVE}
        more = {"mfa_enabled": False, "created_at": datetime.now(UTC)}
        await session.execute(insert(User).values(**row, **names, **more))

    await announce_all(nobody)

    (payload,) = await told(nobody, user)
    assert payload["name"] == "Emmy Noether"


async def test_a_change_of_rights_and_of_name_is_announced(
    nobody: Database, valkey_url: str
) -> None:
    team = await a_team(nobody, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    await announce_all(nobody)
    admin = await proven(nobody, team.people[0])
    member = await proven(nobody, team.people[1])
    ids = {
        "accountId": ("ID!", team.id),
        "membershipIds": ("[ID!]!", [global_id(team.members[1])]),
    }
    name = {"input": ("UpdateProfileInput!", {"firstName": "Emmy", "locale": "fr"})}
    await done(nobody, member, "updateProfile", "user { id }", name)
    await done(nobody, admin, "removeMembers", "removedIds", ids)

    async with Redis.from_url(valkey_url) as redis:
        await redis.flushall()
        await Relay("identity", nobody, redis).publish()
        consumer = an_announcer(nobody).consumer(redis)
        await consumer.join()
        await consumer.step()

    latest = (await told(nobody, team.people[1]))[-1]
    assert latest["name"].startswith("Emmy ")
    assert (latest["locale"], latest["account_ids"]) == ("fr", [])


async def test_rights_that_begin_by_themselves_are_announced_when_they_do(
    nobody: Database,
) -> None:
    partner = await a_team(nobody, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER)
    customer = await a_team(nobody, Role.ADMINISTRATOR)
    begins = datetime.now(UTC).date() + timedelta(days=2)
    await kept(nobody, a_relation(customer.account, partner.account, since=begins))
    await announce_all(nobody)

    await an_announcer(nobody, datetime.now(UTC) + timedelta(days=1)).step()
    early = await told(nobody, partner.people[0])
    await an_announcer(nobody, datetime.now(UTC) + timedelta(days=3)).step()

    before, after = await told(nobody, partner.people[0])
    assert early == [before]
    assert customer.account.id not in Principal.decode(before["principal"]).accounts
    assert customer.account.id in Principal.decode(after["principal"]).accounts


async def test_a_suspended_person_has_no_rights_and_no_accounts(nobody: Database) -> None:
    team = await a_team(nobody, Role.ADMINISTRATOR)
    async with nobody.system() as session:
        (await session.get_one(User, team.people[0].id)).state = UserState.SUSPENDED

    await announce_all(nobody)

    (payload,) = await told(nobody, team.people[0])
    assert (payload["principal"], payload["account_ids"]) == (None, [])


async def test_a_suspended_membership_is_none(nobody: Database) -> None:
    team, user = await a_team(nobody, Role.ADMINISTRATOR), a_user()
    member = a_member(team.account, user, state=MembershipState.SUSPENDED)
    await kept(nobody, user, member)

    await announce_all(nobody)

    (payload,) = await told(nobody, user)
    assert payload["account_ids"] == []


async def test_announcements_of_a_person_are_numbered_as_they_are_made(nobody: Database) -> None:
    team = await a_team(nobody, Role.ADMINISTRATOR)
    (person,) = team.people

    async def announced() -> None:
        async with nobody.system() as session:
            await announce_person(session, person.id, datetime.now(UTC))

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(announced())

    revisions = [payload["revision"] for payload in await told(nobody, person)]
    assert revisions == [1, 2, 3, 4, 5]


async def test_several_announcers_share_the_work(nobody: Database) -> None:
    await a_team(nobody, *[Role.INDIVIDUAL] * 60)

    async with asyncio.TaskGroup() as group:
        shares = [group.create_task(announce_all(nobody)) for _ in range(3)]

    assert sum(share.result() for share in shares) == 60


async def test_everybody_can_be_announced_anew(nobody: Database) -> None:
    await a_team(nobody, Role.ADMINISTRATOR)
    await announce_all(nobody)

    async with nobody.system() as session:
        await announce_everybody(session)
        people = await session.scalar(text("SELECT count(*) FROM users"))

    assert await announce_all(nobody) == people


async def test_ids_of_machines_are_nobodys(nobody: Database) -> None:
    async with nobody.system() as session:
        await announce_person(session, new_id(), datetime.now(UTC))

    async with nobody.system() as session:
        assert (await session.scalars(select(OutboxRow))).all() == []
