"""Changing roles, suspending, restoring and removing members."""

from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from services.identity.events import (
    MemberRemoved,
    MemberRestored,
    MemberSuspended,
    PrincipalChanged,
    RoleChanged,
    SessionEnded,
)
from services.identity.models import AccountKind, AccountStatus, MembershipState, Role
from tests.support.identity import a_member, a_user, global_id, kept, signed_in
from tests.support.managing import (
    Team,
    a_clerk,
    a_team,
    again,
    announced,
    audited,
    codes,
    done,
    proven,
)

MEMBER = "membership { id role caseAdministrator state version }"


async def updated(
    identity: Database, caller: Any, id: str, *, version: int = 1, **values: Any
) -> Any:
    input = {"membershipId": id, "expectedVersion": version, **values}
    arguments = {"input": ("UpdateMembershipInput!", input)}
    return await done(identity, caller, "updateMembership", MEMBER, arguments)


async def suspended(identity: Database, caller: Any, id: str) -> Any:
    return await done(identity, caller, "suspendMember", MEMBER, {"id": ("ID!", id)})


async def restored(identity: Database, caller: Any, id: str) -> Any:
    return await done(identity, caller, "restoreMember", MEMBER, {"id": ("ID!", id)})


async def removed(identity: Database, caller: Any, team: Team, *ids: str) -> Any:
    arguments = {"accountId": ("ID!", team.id), "membershipIds": ("[ID!]!", list(ids))}
    return await done(identity, caller, "removeMembers", "removedIds", arguments)


async def test_a_role_is_changed_and_everybody_concerned_hears_of_it(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    admin, member = await proven(identity, team.people[0]), team.members[1]

    payload = await updated(identity, admin, global_id(member), role="BILLING")

    assert payload["membership"] == {
        "id": global_id(member),
        "role": "BILLING",
        "caseAdministrator": False,
        "state": "ACTIVE",
        "version": 2,
    }
    assert await audited(identity, team.account) == ["membership.role-changed"]
    assert len(await announced(identity, PrincipalChanged, principal_id=member.user_id)) == 1
    (news,) = await announced(identity, RoleChanged, membership_id=member.id)
    assert (news["before"], news["after"]) == ("INDIVIDUAL", "BILLING")


async def test_what_is_not_said_stays(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.SUPPORT_ONLY)
    admin, id = await proven(identity, team.people[0]), global_id(team.members[1])

    with_add_on = await updated(identity, admin, id, caseAdministrator=True)
    other_role = await updated(identity, admin, id, role="INDIVIDUAL", version=2)

    assert with_add_on["membership"]["role"] == "SUPPORT_ONLY"
    assert other_role["membership"]["caseAdministrator"] is True


async def test_a_role_that_is_held_already_changes_nothing(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING)
    admin, id = await proven(identity, team.people[0]), global_id(team.members[1])

    payload = await updated(identity, admin, id, role="BILLING")

    assert payload["membership"]["version"] == 1
    assert await audited(identity, team.account) == []


async def test_a_member_changed_meanwhile_is_refused(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    admin, id = await proven(identity, team.people[0]), global_id(team.members[1])

    refused = await updated(identity, admin, id, role="BILLING", version=7)

    assert refused["errors"] == [{"code": "CONFLICT_VERSION", "path": ["expectedVersion"]}]


async def test_suspending_takes_every_right_and_restoring_gives_them_back(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING)
    admin, member = await proven(identity, team.people[0]), team.members[1]

    first = await suspended(identity, admin, global_id(member))
    meanwhile = await signed_in(identity, team.people[1])
    second = await restored(identity, admin, global_id(member))
    afterwards = await signed_in(identity, team.people[1])

    assert first["membership"]["state"] == "SUSPENDED"
    assert team.account.id not in meanwhile.accounts
    assert second["membership"] == {**first["membership"], "state": "ACTIVE", "version": 3}
    assert team.account.id in afterwards.accounts
    assert await audited(identity, team.account) == ["membership.suspended", "membership.restored"]
    for topic in (MemberSuspended, MemberRestored):
        assert len(await announced(identity, topic, membership_id=member.id)) == 1


async def test_a_state_is_not_entered_twice(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING)
    admin, id = await proven(identity, team.people[0]), global_id(team.members[1])

    not_suspended = await restored(identity, admin, id)
    await suspended(identity, admin, id)
    twice = await suspended(identity, admin, id)
    await removed(identity, admin, team, id)
    gone = [
        await restored(identity, admin, id),
        await updated(identity, admin, id, role="BILLING", version=3),
        await removed(identity, admin, team, id),
    ]

    assert codes(not_suspended) == codes(twice) == ["WRONG_STATE"]
    assert [codes(each) for each in gone] == [["WRONG_STATE"]] * 3


async def test_removing_ends_the_sessions_and_tells_everybody_who_needs_to_know(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING, Role.INDIVIDUAL)
    admin = await proven(identity, team.people[0])
    theirs = await signed_in(identity, team.people[1])
    assert theirs.session_id is not None
    ids = [global_id(member) for member in team.members[1:]]

    payload = await removed(identity, admin, team, *ids)

    assert sorted(payload["removedIds"]) == sorted(ids)
    assert len(await announced(identity, SessionEnded, session_id=theirs.session_id)) == 1
    for member in team.members[1:]:
        assert len(await announced(identity, MemberRemoved, membership_id=member.id)) == 1


async def test_all_are_removed_or_none(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.BILLING)
    other = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    everybody = [global_id(member) for member in team.members]

    payloads = [
        await removed(identity, admin, team, *everybody),
        await removed(identity, admin, team, everybody[2], global_id(other.members[0])),
        await removed(identity, admin, team, everybody[2], "mem_nothing"),
        await removed(identity, admin, team),
    ]

    assert [codes(each) for each in payloads] == [
        ["LAST_ADMINISTRATOR"],
        ["NOT_FOUND"],
        ["NOT_FOUND"],
        ["NOT_FOUND"],
    ]
    states = {(await again(identity, member)).state for member in team.members}
    assert states == {MembershipState.ACTIVE}


async def test_a_removed_billing_contact_is_none_any_more(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING)
    admin, contact = await proven(identity, team.people[0]), team.people[1]
    async with identity.system() as session:
        (await session.get_one(type(team.account), team.account.id)).billing_contact_id = contact.id

    await removed(identity, admin, team, global_id(team.members[1]))

    account = await again(identity, team.account)
    assert (account.billing_contact_id, account.version) == (None, 2)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.PARTNER_MANAGER}]
)
async def test_those_who_do_not_manage_members_change_none(identity: Database, role: Role) -> None:
    team = await a_team(identity, role, Role.INDIVIDUAL, kind=AccountKind.PARTNER)
    caller = await proven(identity, team.people[0])

    assert codes(await suspended(identity, caller, global_id(team.members[1]))) == ["FORBIDDEN"]


async def test_a_partners_manager_takes_rights_that_only_an_administrator_gives_back(
    identity: Database,
) -> None:
    team = await a_team(
        identity, Role.PARTNER_MANAGER, Role.LICENSE_ADMINISTRATOR, kind=AccountKind.PARTNER
    )
    manager, id = await proven(identity, team.people[0]), global_id(team.members[1])

    taken = await suspended(identity, manager, id)
    given_back = await restored(identity, manager, id)

    assert codes(taken) == []
    assert codes(given_back) == ["FORBIDDEN"]


async def test_a_partners_manager_does_not_reach_its_administrators(identity: Database) -> None:
    team = await a_team(
        identity, Role.ADMINISTRATOR, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER
    )
    manager, id = await proven(identity, team.people[1]), global_id(team.members[0])

    payloads = [
        await updated(identity, manager, id, role="PARTNER_AGENT"),
        await suspended(identity, manager, id),
        await removed(identity, manager, team, id),
    ]

    assert [codes(each) for each in payloads] == [["FORBIDDEN"]] * 3


async def test_a_partners_manager_makes_colleagues_but_no_case_readers_of_others(
    identity: Database,
) -> None:
    team = await a_team(
        identity, Role.PARTNER_MANAGER, Role.PARTNER_AGENT, kind=AccountKind.PARTNER
    )
    manager, id = await proven(identity, team.people[0]), global_id(team.members[1])

    raised = await updated(identity, manager, id, role="LICENSE_ADMINISTRATOR")
    promoted = await updated(identity, manager, id, role="PARTNER_MANAGER")

    assert raised["errors"] == [{"code": "FORBIDDEN", "path": ["role"]}]
    assert codes(promoted) == []


async def test_staff_change_no_member(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    refused = await suspended(identity, await a_clerk(identity), global_id(team.members[1]))

    assert codes(refused) == ["FORBIDDEN"]


async def test_whoever_lost_their_rights_a_moment_ago_changes_nothing(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    fast, slow = [await proven(identity, person) for person in team.people[:2]]
    await updated(identity, fast, global_id(team.members[1]), role="INDIVIDUAL")

    refused = await removed(identity, slow, team, global_id(team.members[0]))

    assert codes(refused) == ["FORBIDDEN"]
    assert (await again(identity, team.members[0])).administers


async def test_a_session_that_is_over_changes_nothing(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    fast, slow = [await proven(identity, person) for person in team.people]
    await removed(identity, fast, team, global_id(team.members[1]))

    refused = await suspended(identity, slow, global_id(team.members[0]))

    assert codes(refused) == ["FORBIDDEN"]


async def test_a_suspended_account_changes_no_member(identity: Database) -> None:
    team = await a_team(
        identity, Role.ADMINISTRATOR, Role.INDIVIDUAL, status=AccountStatus.SUSPENDED
    )
    admin = await proven(identity, team.people[0])

    assert codes(await suspended(identity, admin, global_id(team.members[1]))) == ["FORBIDDEN"]


async def test_members_of_other_accounts_answer_as_unknown(identity: Database) -> None:
    theirs = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    own = await a_team(identity, Role.ADMINISTRATOR)
    stranger = await proven(identity, own.people[0])
    foreign, unknown = global_id(theirs.members[1]), to_global("mem", new_id())

    for change in (suspended, restored, updated):
        refused = await change(identity, stranger, foreign)
        assert codes(refused) == ["NOT_FOUND"]
        assert refused == await change(identity, stranger, unknown)
    assert codes(await removed(identity, stranger, theirs, foreign)) == ["NOT_FOUND"]
    assert codes(await removed(identity, stranger, own, foreign)) == ["NOT_FOUND"]


async def test_a_person_is_suspended_in_one_of_their_accounts_only(identity: Database) -> None:
    one, other = [await a_team(identity, Role.ADMINISTRATOR) for _ in range(2)]
    guest = a_user()
    members = [a_member(team.account, guest, Role.BILLING) for team in (one, other)]
    await kept(identity, guest, *members)

    await suspended(identity, await proven(identity, one.people[0]), global_id(members[0]))

    assert set((await signed_in(identity, guest)).accounts) == {other.account.id}
