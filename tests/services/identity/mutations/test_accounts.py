"""Editing an account, and giving it an administrator back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from kit.database import Database
from kit.ids import new_id, to_global
from services.identity.events import AdministratorRestored, RestorationRequested
from services.identity.models import (
    AccountStatus,
    AdministratorRestoration,
    Desk,
    Invitation,
    MembershipState,
    Role,
    User,
)
from tests.support.identity import a_member, a_user, answered, global_id, kept
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

PARIS = {"line1": "1 rue de Rivoli", "city": "Paris", "postalCode": "75001", "country": "fr"}
ACCOUNT = """account { version billingContact { id }
  billingAddress { line1 line2 city region postalCode country company vatNumber }
  shippingAddress { city } }"""
RESTORATION = "restoration { id state approvals email }"


async def edited(
    identity: Database, caller: Any, team: Team, *, version: int = 1, **values: Any
) -> Any:
    input = {"accountId": team.id, "expectedVersion": version, **values}
    return await done(
        identity, caller, "updateAccount", ACCOUNT, {"input": ("UpdateAccountInput!", input)}
    )


async def requested(identity: Database, caller: Any, team: Team, email: str, **values: Any) -> Any:
    input = {
        "accountId": team.id,
        "firstName": "Emmy",
        "lastName": "Noether",
        "email": email,
        "reason": "Their administrator has left; a letter confirms it.",
        "idempotencyKey": str(new_id()),
        **values,
    }
    return await done(
        identity,
        caller,
        "requestAdministratorRestoration",
        RESTORATION,
        {"input": ("RestoreAdministratorInput!", input)},
    )


async def approved(identity: Database, caller: Any, request: Any) -> Any:
    arguments = {"id": ("ID!", request["restoration"]["id"])}
    return await done(identity, caller, "approveAdministratorRestoration", RESTORATION, arguments)


async def test_addresses_and_contact_are_written_in_good_form(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.BILLING)
    billing = await proven(identity, team.people[1])
    address = {**PARIS, "line2": " ", "company": "Acme SARL", "vatNumber": "fr 40 303265045"}

    payload = await edited(
        identity,
        billing,
        team,
        billingAddress=address,
        shippingAddress=PARIS,
        billingContactId=global_id(team.people[1]),
    )

    assert payload["account"] == {
        "version": 2,
        "billingContact": {"id": global_id(team.people[1])},
        "billingAddress": {
            "line1": "1 rue de Rivoli",
            "line2": None,
            "city": "Paris",
            "region": None,
            "postalCode": "75001",
            "country": "FR",
            "company": "Acme SARL",
            "vatNumber": "FR40303265045",
        },
        "shippingAddress": {"city": "Paris"},
    }
    assert await audited(identity, team.account) == ["account.edited"]


async def test_what_is_absent_stays_and_null_clears(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    await edited(identity, admin, team, billingAddress=PARIS, shippingAddress=PARIS)

    payload = await edited(identity, admin, team, version=2, shippingAddress=None)

    assert payload["account"]["billingAddress"]["city"] == "Paris"
    assert payload["account"]["shippingAddress"] is None


async def test_what_is_so_already_changes_nothing(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    await edited(identity, admin, team, billingAddress=PARIS)

    payload = await edited(identity, admin, team, version=2, billingAddress=PARIS)

    assert payload["account"]["version"] == 2
    assert await audited(identity, team.account) == ["account.edited"]


async def test_an_account_changed_meanwhile_is_refused(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    refused = await edited(identity, admin, team, version=7, billingAddress=PARIS)

    assert refused["errors"] == [{"code": "CONFLICT_VERSION", "path": ["expectedVersion"]}]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"country": "XX"}, ["billingAddress", "country"]),
        ({"country": "FRA"}, ["billingAddress", "country"]),
        ({"line1": " "}, ["billingAddress"]),
        ({"city": "P" * 201}, ["billingAddress"]),
        ({"line2": "a\nb"}, ["billingAddress"]),
        ({"vatNumber": "FR123"}, ["billingAddress", "vatNumber"]),
        ({"vatNumber": "DE12345678X"}, ["billingAddress", "vatNumber"]),
    ],
)
async def test_an_address_that_cannot_be_is_refused(
    identity: Database, wrong: Any, path: list[str]
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    refused = await edited(identity, admin, team, billingAddress={**PARIS, **wrong})

    assert refused["errors"] == [{"code": "INVALID", "path": path}]


@pytest.mark.parametrize("state", [MembershipState.SUSPENDED, MembershipState.REMOVED])
async def test_a_billing_contact_is_an_active_member(
    identity: Database, state: MembershipState
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    former = a_user()
    await kept(identity, former, a_member(team.account, former, state=state))
    stranger = (await a_team(identity, Role.ADMINISTRATOR)).people[0]
    admin = await proven(identity, team.people[0])

    refusals = [
        await edited(identity, admin, team, billingContactId=id)
        for id in (global_id(former), global_id(stranger), to_global("user", new_id()))
    ]

    expected = [{"code": "INVALID", "path": ["billingContactId"]}]
    assert [each["errors"] for each in refusals] == [expected] * 3


@pytest.mark.parametrize(
    ("desk", "expected"),
    [
        (Desk.CUSTOMER_SERVICE, []),
        (Desk.FINANCE, []),
        (Desk.SUPPORT, ["FORBIDDEN"]),
        (Desk.LICENSING_OPERATIONS, ["FORBIDDEN"]),
    ],
)
async def test_staff_edit_as_their_desk_may(
    identity: Database, desk: Desk, expected: list[str]
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)

    payload = await edited(identity, await a_clerk(identity, desk), team, billingAddress=PARIS)

    assert codes(payload) == expected


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.BILLING}]
)
async def test_other_members_edit_nothing(identity: Database, role: Role) -> None:
    team = await a_team(identity, role)

    refused = await edited(
        identity, await proven(identity, team.people[0]), team, billingAddress=PARIS
    )

    assert codes(refused) == ["FORBIDDEN"]


async def test_a_closed_account_is_not_edited(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, status=AccountStatus.CLOSED)

    refused = await edited(identity, await a_clerk(identity), team, billingAddress=PARIS)

    assert codes(refused) == ["WRONG_STATE"]


async def test_another_account_answers_as_unknown(identity: Database) -> None:
    theirs = await a_team(identity, Role.ADMINISTRATOR)
    stranger = await proven(identity, (await a_team(identity, Role.ADMINISTRATOR)).people[0])

    refused = await edited(identity, stranger, theirs, billingAddress=PARIS)

    assert refused["errors"] == [{"code": "NOT_FOUND", "path": ["accountId"]}]


async def test_two_approvals_make_a_member_administrator(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    clerks = [await a_clerk(identity) for _ in range(3)]

    request = await requested(identity, clerks[0], team, team.people[1].email.upper())
    once = await approved(identity, clerks[1], request)
    before = (await again(identity, team.members[1])).role
    twice = await approved(identity, clerks[2], request)

    assert request["restoration"]["state"] == once["restoration"]["state"] == "PENDING"
    assert before is Role.INDIVIDUAL
    assert (twice["restoration"]["state"], twice["restoration"]["approvals"]) == ("DONE", 2)
    assert (await again(identity, team.members[1])).administers
    assert await audited(identity, team.account) == [
        "administrator-restoration.requested",
        "administrator-restoration.approved",
        "administrator-restoration.approved",
        "membership.role-changed",
        "administrator-restoration.done",
    ]
    for topic in (RestorationRequested, AdministratorRestored):
        assert len(await announced(identity, topic, account_id=team.account.id)) == 1


async def test_a_suspended_member_is_restored_to_administer(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    former = a_user()
    member = a_member(team.account, former, state=MembershipState.SUSPENDED)
    await kept(identity, former, member)
    clerks = [await a_clerk(identity) for _ in range(3)]

    request = await requested(identity, clerks[0], team, former.email)
    for clerk in clerks[1:]:
        await approved(identity, clerk, request)

    assert (await again(identity, member)).administers


async def test_somebody_who_is_no_member_is_invited_in_place_of_an_earlier_invitation(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    clerks = [await a_clerk(identity) for _ in range(3)]
    earlier = Invitation(
        account_id=team.account.id,
        email="emmy@example.com",
        email_key="emmy@example.com",
        first_name="Emmy",
        last_name="Noether",
        role=Role.INDIVIDUAL,
        token_hash=new_id().bytes,
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    await kept(identity, earlier)

    request = await requested(identity, clerks[0], team, "Emmy@example.com")
    for clerk in clerks[1:]:
        await approved(identity, clerk, request)

    async with identity.system() as session:
        rows = await session.execute(
            select(Invitation.role, Invitation.revoked_at.is_(None))
            .where(Invitation.account_id == team.account.id)
            .order_by(Invitation.id)
        )
    assert [tuple(row) for row in rows] == [(Role.INDIVIDUAL, False), (Role.ADMINISTRATOR, True)]


async def test_nobody_approves_their_own_request_or_twice(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    asks, approves = await a_clerk(identity), await a_clerk(identity)
    request = await requested(identity, asks, team, team.people[1].email)

    own = await approved(identity, asks, request)
    first = await approved(identity, approves, request)
    second = await approved(identity, approves, request)

    assert (codes(own), codes(first), codes(second)) == (["FORBIDDEN"], [], ["FORBIDDEN"])
    assert not (await again(identity, team.members[1])).administers


async def test_staff_do_not_make_themselves_administrator(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    clerk = await a_clerk(identity)
    async with identity.system() as session:
        email = (await session.get_one(User, clerk.id)).email

    refused = await requested(identity, clerk, team, email)

    assert codes(refused) == ["FORBIDDEN"]


@pytest.mark.parametrize("desk", [Desk.SUPPORT, Desk.FINANCE, Desk.LICENSING_OPERATIONS])
async def test_other_desks_neither_ask_nor_approve(identity: Database, desk: Desk) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    other = await a_clerk(identity, desk)
    request = await requested(identity, await a_clerk(identity), team, team.people[1].email)

    asked = await requested(identity, other, team, team.people[1].email)
    agreed = await approved(identity, other, request)

    assert (codes(asked), codes(agreed)) == (["FORBIDDEN"], ["FORBIDDEN"])


async def test_one_request_at_a_time_and_for_a_week(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    clerk, other = await a_clerk(identity), await a_clerk(identity)
    request = await requested(identity, clerk, team, team.people[1].email)

    second = await requested(identity, other, team, team.people[1].email)
    async with identity.system() as session:
        await session.execute(
            update(AdministratorRestoration)
            .where(AdministratorRestoration.account_id == team.account.id)
            .values(expires_at=datetime.now(UTC))
        )
    late = await approved(identity, other, request)
    anew = await requested(identity, other, team, team.people[1].email)

    assert (codes(second), codes(late), codes(anew)) == (["WRONG_STATE"], ["WRONG_STATE"], [])


async def test_whoever_administers_already_is_not_restored(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)

    refused = await requested(identity, await a_clerk(identity), team, team.people[0].email)

    assert refused["errors"] == [{"code": "ALREADY_MEMBER", "path": ["email"]}]


async def test_the_staff_who_may_approve_see_what_was_asked(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    clerk = await a_clerk(identity)
    await requested(identity, clerk, team, team.people[1].email)
    document = f"""{{ account(id: "{team.id}") {{
        administratorRestorations {{ email reason approvals requestedBy {{ firstName }} }} }} }}"""

    seen = await answered(identity, clerk, document)
    by_admin = await answered(identity, await proven(identity, team.people[0]), document)

    assert seen["account"]["administratorRestorations"] == [
        {
            "email": team.people[1].email,
            "reason": "Their administrator has left; a letter confirms it.",
            "approvals": 0,
            "requestedBy": {"firstName": "Grace"},
        }
    ]
    assert by_admin["account"]["administratorRestorations"] is None
