"""People: whose name shows to whom, and what else of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kit.database import Database
from kit.principal import Principal
from services.identity.models import Account, AccountKind, Desk, MembershipState, Role, User
from tests.support.identity import (
    a_member,
    a_relation,
    a_stranger,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    signed_in,
    staff,
)

PERSON = """query ($id: ID!) { user(id: $id) {
    name email locale mfaEnabled lastSignInAt } }"""

SEEN_AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)

NOBODY = None
NAME = {"name": "Ada Byron"}
HIDDEN = {"email": None, "locale": None, "mfaEnabled": None, "lastSignInAt": None}


def everything(user: User) -> dict[str, Any]:
    return {
        "name": "Ada Byron",
        "email": user.email,
        "locale": "fr",
        "mfaEnabled": True,
        "lastSignInAt": "2026-11-01T09:30:00Z",
    }


async def the_member(identity: Database, **values: Any) -> tuple[User, Account]:
    """Ada, an individual in an account."""
    user = a_user(locale="fr", mfa_enabled=True, last_sign_in_at=SEEN_AT)
    account = an_account()
    await kept(identity, user, account, a_member(account, user, **values))
    return user, account


async def a_colleague(identity: Database, account: Account, role: Role) -> Principal:
    """Another member of the account."""
    colleague = a_user("Grace", "Hopper")
    await kept(identity, colleague, a_member(account, colleague, role))
    return await signed_in(identity, colleague)


async def test_people_see_all_of_themselves(identity: Database) -> None:
    user, _ = await the_member(identity)

    data = await answered(identity, await signed_in(identity, user), PERSON, id=global_id(user))

    assert data["user"] == everything(user)


async def test_a_stranger_sees_nobody(identity: Database) -> None:
    user, _ = await the_member(identity)

    data = await answered(identity, a_stranger(), PERSON, id=global_id(user))

    assert data["user"] is None


async def test_a_colleague_sees_the_name(identity: Database) -> None:
    user, account = await the_member(identity)
    colleague = await a_colleague(identity, account, Role.SUPPORT_ONLY)

    data = await answered(identity, colleague, PERSON, id=global_id(user))

    assert data["user"] == NAME | HIDDEN


async def test_a_license_administrator_sees_how_to_reach_a_member(identity: Database) -> None:
    user, account = await the_member(identity)
    colleague = await a_colleague(identity, account, Role.LICENSE_ADMINISTRATOR)

    data = await answered(identity, colleague, PERSON, id=global_id(user))

    assert data["user"] == everything(user) | {"locale": None, "mfaEnabled": None}


async def test_an_administrator_sees_whether_a_member_has_a_second_factor(
    identity: Database,
) -> None:
    user, account = await the_member(identity)
    colleague = await a_colleague(identity, account, Role.ADMINISTRATOR)

    data = await answered(identity, colleague, PERSON, id=global_id(user))

    assert data["user"] == everything(user) | {"locale": None}


async def test_an_administrator_elsewhere_is_no_more_than_a_colleague(identity: Database) -> None:
    user, account = await the_member(identity)
    colleague, elsewhere = a_user(), an_account()
    await kept(
        identity,
        *(colleague, elsewhere, a_member(account, colleague)),
        a_member(elsewhere, colleague, Role.ADMINISTRATOR),
    )

    data = await answered(
        identity, await signed_in(identity, colleague), PERSON, id=global_id(user)
    )

    assert data["user"] == NAME | HIDDEN


async def test_who_was_removed_keeps_the_name_and_loses_the_rest(identity: Database) -> None:
    user, account = await the_member(identity, state=MembershipState.REMOVED)
    colleague = await a_colleague(identity, account, Role.ADMINISTRATOR)

    data = await answered(identity, colleague, PERSON, id=global_id(user))

    assert data["user"] == NAME | HIDDEN


async def test_a_partner_reaches_the_people_of_its_customers(identity: Database) -> None:
    user, account = await the_member(identity)
    manager, partner = a_user(), an_account(kind=AccountKind.PARTNER)
    await kept(
        identity,
        *(manager, partner, a_member(partner, manager, Role.PARTNER_MANAGER)),
        a_relation(account, partner),
    )

    data = await answered(identity, await signed_in(identity, manager), PERSON, id=global_id(user))

    assert data["user"]["email"] == user.email


async def test_a_customer_knows_the_partners_people_by_name(identity: Database) -> None:
    helper, partner = a_user(), an_account(kind=AccountKind.PARTNER)
    user, account = await the_member(identity)
    await kept(
        identity,
        *(helper, partner, a_member(partner, helper, Role.PARTNER_AGENT)),
        a_relation(account, partner, since=date(2024, 1, 1), until=date(2025, 1, 1)),
    )

    data = await answered(identity, await signed_in(identity, user), PERSON, id=global_id(helper))

    assert data["user"] == NAME | HIDDEN


async def test_staff_see_everybody(identity: Database) -> None:
    user, _ = await the_member(identity)
    clerk = a_user()
    await kept(identity, clerk, staff(clerk, Desk.SUPPORT))

    data = await answered(identity, await signed_in(identity, clerk), PERSON, id=global_id(user))

    assert data["user"] == everything(user)


async def test_everybody_knows_staff_by_name(identity: Database) -> None:
    clerk = a_user(locale="fr", mfa_enabled=True, last_sign_in_at=SEEN_AT)
    await kept(identity, clerk, staff(clerk, Desk.SUPPORT))

    data = await answered(identity, a_stranger(), PERSON, id=global_id(clerk))

    assert data["user"] == NAME | HIDDEN


@pytest.mark.parametrize("kind", ["User", "Account", "Membership", "ApiClient", "UserExport"])
async def test_an_entity_that_is_not_there_is_null(identity: Database, kind: str) -> None:
    document = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    ids = ["", "nonsense", "user_01J9Z3NDEKTSV4RRFFQ69G5FAV", 7]
    representations = [{"__typename": kind, "id": id} for id in ids]

    data = await answered(identity, a_stranger(), document, r=representations)

    assert data["_entities"] == [None] * len(ids)


async def test_entities_come_in_the_order_of_their_keys(identity: Database) -> None:
    user, account = await the_member(identity)
    foreign = an_account()
    await kept(identity, foreign)
    document = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { name } ... on Account { number } } }"""

    data = await answered(
        identity,
        await signed_in(identity, user),
        document,
        r=[
            {"__typename": "Account", "number": account.number},
            {"__typename": "User", "id": global_id(user)},
            {"__typename": "Account", "id": global_id(foreign)},
            {"__typename": "Account", "id": global_id(account)},
        ],
    )

    own = {"number": account.number}
    assert data["_entities"] == [own, {"name": "Ada Byron"}, None, own]
