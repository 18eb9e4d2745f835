"""Invariants of rights under many changes at once: whoever is first, the rules hold."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from kit.columns import utc_now
from kit.database import Database
from kit.errors import DomainError
from kit.ids import from_global, new_id
from services.identity.capabilities import ROLES
from services.identity.models import Invitation, Membership, MembershipState, Role, User, UserState
from services.identity.rights import holders
from services.identity.rights.act import Act
from tests.support.identity import a_user, global_id, kept, signed_in
from tests.support.managing import (
    Team,
    a_team,
    accepted,
    codes,
    done,
    invited,
    proven,
    token_of,
)

MEMBER = "membership { id }"

#: One of the changes that a member makes to another.
Change = Callable[[Database, Any, Team, Membership], Awaitable[Any]]


async def demote(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    row = await current(identity, member)
    input = {
        "membershipId": global_id(member),
        "role": "INDIVIDUAL",
        "expectedVersion": row.version,
    }
    arguments = {"input": ("UpdateMembershipInput!", input)}
    return await done(identity, caller, "updateMembership", MEMBER, arguments)


async def suspend(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    arguments = {"id": ("ID!", global_id(member))}
    return await done(identity, caller, "suspendMember", MEMBER, arguments)


async def remove(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    return await remove_all(identity, caller, team, [member])


async def remove_all(
    identity: Database, caller: Any, team: Team, members: Sequence[Membership]
) -> Any:
    ids = [global_id(member) for member in members]
    arguments = {"accountId": ("ID!", team.id), "membershipIds": ("[ID!]!", ids)}
    return await done(identity, caller, "removeMembers", "removedIds", arguments)


async def bar(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    """The vendor suspends the person altogether."""
    act = Act(actor_id=caller.id, at=utc_now(), holds=ROLES[Role.ADMINISTRATOR])
    try:
        async with identity.system() as session:
            await holders.suspend_user(session, member.user_id, act=act)
    except DomainError as refusal:
        return {"errors": [{"code": refusal.code}]}
    return {"errors": []}


async def current(identity: Database, member: Membership) -> Membership:
    async with identity.system() as session:
        return await session.get_one(Membership, member.id)


async def administrators(identity: Database, account_id: UUID) -> int:
    async with identity.system() as session:
        counted = await session.scalar(
            select(func.count(Membership.id))
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.account_id == account_id,
                Membership.role == Role.ADMINISTRATOR,
                Membership.state == MembershipState.ACTIVE,
                User.state == UserState.ACTIVE,
            )
        )
    return counted or 0


async def ask(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    """The caller, whom another change may concern, invites somebody."""
    return await invited(identity, caller, team, f"{new_id()}@example.com")


async def rename(identity: Database, caller: Any, team: Team, member: Membership) -> Any:
    arguments = {"input": ("UpdateProfileInput!", {"firstName": random.choice("ABC")})}
    return await done(identity, caller, "updateProfile", "user { id }", arguments)


CHANGES: list[Change] = [demote, suspend, remove, bar]
HARMLESS: list[Change] = [ask, rename]


@pytest.mark.parametrize("one", CHANGES)
@pytest.mark.parametrize("other", CHANGES)
async def test_two_administrators_against_each_other_leave_one(
    identity: Database, one: Change, other: Change
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    first, second = [await proven(identity, person) for person in team.people]

    answers = await asyncio.gather(
        one(identity, first, team, team.members[1]),
        other(identity, second, team, team.members[0]),
    )

    assert await administrators(identity, team.account.id) == 1
    assert sorted(len(codes(answer)) for answer in answers) == [0, 1]


async def test_removing_all_of_two_halves_at_once_leaves_a_half(identity: Database) -> None:
    team = await a_team(identity, *[Role.ADMINISTRATOR] * 6)
    callers = [await proven(identity, person) for person in team.people]

    answers = await asyncio.gather(
        remove_all(identity, callers[0], team, team.members[3:]),
        remove_all(identity, callers[3], team, team.members[:3]),
    )

    assert await administrators(identity, team.account.id) == 3
    assert sorted(len(codes(answer)) for answer in answers) == [0, 1]


@pytest.mark.parametrize("seed", range(8))
async def test_no_storm_of_changes_takes_the_last_administrator(
    identity: Database, seed: int
) -> None:
    chance = random.Random(seed)
    team = await a_team(identity, *[Role.ADMINISTRATOR] * 5)
    callers = [await proven(identity, person) for person in team.people]
    storm = [
        (chance.choice(CHANGES + HARMLESS), chance.choice(callers), chance.choice(team.members))
        for _ in range(30)
    ]

    answers = await asyncio.gather(
        *(change(identity, caller, team, member) for change, caller, member in storm)
    )

    assert await administrators(identity, team.account.id) >= 1
    expected = {"LAST_ADMINISTRATOR", "FORBIDDEN", "WRONG_STATE", "CONFLICT_VERSION", "NOT_FOUND"}
    assert {code for answer in answers for code in codes(answer)} <= expected


@pytest.mark.parametrize("harmless", HARMLESS)
async def test_whoever_is_barred_in_the_middle_of_something_blocks_nobody(
    identity: Database, harmless: Change
) -> None:
    team = await a_team(identity, *[Role.ADMINISTRATOR] * 2)
    stays, barred = [await proven(identity, person) for person in team.people]
    busy = [harmless(identity, barred, team, team.members[0]) for _ in range(8)]

    *answers, barring = await asyncio.gather(
        *busy, bar(identity, stays, team, team.members[1]), return_exceptions=True
    )

    assert codes(barring) == []
    assert {code for answer in answers for code in codes(answer)} <= {"FORBIDDEN"}


async def test_whoever_is_demoted_at_the_same_instant_has_granted_before_or_not_at_all(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    stays, falls = [await proven(identity, person) for person in team.people[:2]]
    accomplice = team.members[2]
    input = {"membershipId": global_id(accomplice), "role": "ADMINISTRATOR", "expectedVersion": 1}
    arguments = {"input": ("UpdateMembershipInput!", input)}

    demotion, granting, invitation = await asyncio.gather(
        demote(identity, stays, team, team.members[1]),
        done(identity, falls, "updateMembership", MEMBER, arguments),
        invited(identity, falls, team, "backdoor@example.com", role="ADMINISTRATOR"),
    )

    assert codes(demotion) == []
    assert codes(granting) in ([], ["FORBIDDEN"])
    is_administrator = (await current(identity, accomplice)).role is Role.ADMINISTRATOR
    assert is_administrator == (codes(granting) == [])
    left = await left_invitations(identity, team)
    assert left == [], invitation  # made before the demotion, it went with it


async def left_invitations(identity: Database, team: Team) -> list[str]:
    async with identity.system() as session:
        rows = await session.scalars(
            select(Invitation.email).where(
                Invitation.account_id == team.account.id, Invitation.revoked_at.is_(None)
            )
        )
        return list(rows)


async def test_an_invitation_accepted_by_many_at_once_is_accepted_once(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    payload = await invited(identity, await proven(identity, team.people[0]), team, guest.email)
    id = from_global("invt", payload["invitation"]["id"])
    assert id is not None
    token = await token_of(identity, id)
    callers = [await signed_in(identity, guest) for _ in range(8)]

    answers = await asyncio.gather(*(accepted(identity, each, token) for each in callers))

    assert sorted(len(codes(answer)) for answer in answers) == [0] + [1] * 7
    async with identity.system() as session:
        memberships = await session.scalars(
            select(Membership).where(Membership.user_id == guest.id)
        )
        assert len(memberships.all()) == 1


async def test_one_address_is_invited_once_by_many_at_once(identity: Database) -> None:
    team = await a_team(identity, *[Role.ADMINISTRATOR] * 4)
    callers = [await proven(identity, person) for person in team.people]
    email = f"{new_id()}@example.com"

    answers = await asyncio.gather(*(invited(identity, each, team, email) for each in callers))

    assert sorted(len(codes(answer)) for answer in answers) == [0, 1, 1, 1]
