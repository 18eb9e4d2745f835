"""Accounts: who finds which, and what of them they see."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.identity.models import (
    AccountKind,
    Address,
    AuditEvent,
    Desk,
    Invitation,
    MembershipState,
    Role,
)
from tests.support.identity import (
    a_client,
    a_member,
    a_relation,
    a_stranger,
    a_user,
    an_account,
    answered,
    ask,
    global_id,
    kept,
    signed_in,
    staff,
)

ADDRESS = Address(line1="1 Mill Lane", city="Leeds", country="GB", vat_number="GB123")

OVERVIEW = """query ($id: ID!) { account(id: $id) { name number version
    billingAddress { line1 vatNumber } shippingAddress { city } billingContact { name }
    members { totalCount nodes { role user { name email } } }
    invitations { totalCount nodes { email state } }
    partners { partner { name } scope until }
    auditLog { nodes { action } } } }"""


async def test_a_member_finds_the_account_by_id_and_by_number(identity: Database) -> None:
    person, account = a_user(), an_account("Acme")
    await kept(identity, person, account, a_member(account, person))
    caller = await signed_in(identity, person)

    data = await answered(
        identity,
        caller,
        """query ($id: ID, $number: String) {
            byId: account(id: $id) { name } byNumber: account(number: $number) { id } }""",
        id=global_id(account),
        number=account.number,
    )

    assert data == {"byId": {"name": "Acme"}, "byNumber": {"id": global_id(account)}}


async def test_an_account_with_this_id_and_another_number_is_none(identity: Database) -> None:
    person, account = a_user(), an_account()
    await kept(identity, person, account, a_member(account, person))
    caller = await signed_in(identity, person)

    data = await answered(
        identity,
        caller,
        'query ($id: ID) { account(id: $id, number: "other") { name } }',
        id=global_id(account),
    )

    assert data == {"account": None}


@pytest.mark.parametrize("id", ["", "acc_", "acc_NOT", "user_01J9Z3NDEKTSV4RRFFQ69G5FAV", "💥"])
async def test_an_id_that_names_nothing_is_none(identity: Database, id: str) -> None:
    data = await answered(
        identity, a_stranger(), "query ($id: ID) { account(id: $id) { name } }", id=id
    )

    assert data == {"account": None}


async def test_a_foreign_account_answers_as_one_that_does_not_exist(identity: Database) -> None:
    account = an_account()
    await kept(identity, account)
    document = "query ($id: ID) { account(id: $id) { id name viewerCapabilities } }"

    foreign = await ask(identity, a_stranger(), document, {"id": global_id(account)})
    missing = await ask(identity, a_stranger(), document, {"id": to_global("acc", new_id())})

    assert (foreign.data, foreign.errors) == (missing.data, missing.errors)


async def test_without_account_read_an_account_is_little_more_than_its_name(
    identity: Database,
) -> None:
    person, partner = a_user(), an_account(kind=AccountKind.PARTNER)
    account = an_account("Acme", billing_address=ADDRESS, shipping_address=ADDRESS)
    account.billing_contact_id = person.id
    await kept(
        identity,
        *(person, partner, account, a_member(account, person, Role.INDIVIDUAL)),
        a_relation(account, partner),
    )

    data = await answered(
        identity, await signed_in(identity, person), OVERVIEW, id=global_id(account)
    )

    assert data["account"] == {
        "name": "Acme",
        "number": account.number,
        "version": 1,
        "billingAddress": None,
        "shippingAddress": None,
        "billingContact": None,
        "members": None,
        "invitations": None,
        "partners": None,
        "auditLog": None,
    }


async def test_a_right_in_one_account_shows_nothing_of_another(identity: Database) -> None:
    person, mine, other = a_user(), an_account(), an_account(billing_address=ADDRESS)
    await kept(
        identity,
        *(person, mine, other, a_member(mine, person, Role.ADMINISTRATOR)),
        a_member(other, person, Role.SUPPORT_ONLY),
    )

    data = await answered(
        identity, await signed_in(identity, person), OVERVIEW, id=global_id(other)
    )

    assert data["account"]["billingAddress"] is None
    assert data["account"]["members"] is None


async def test_an_administrator_sees_all_of_the_account(identity: Database) -> None:
    admin, partner = a_user("Grace", "Hopper"), an_account("Helper", kind=AccountKind.PARTNER)
    account = an_account(billing_address=ADDRESS, shipping_address=ADDRESS)
    account.billing_contact_id = admin.id
    await kept(
        identity,
        *(admin, partner, account, a_member(account, admin, Role.ADMINISTRATOR)),
        a_relation(account, partner, scope=[Capability.DOWNLOAD, Capability.ACCOUNT_READ]),
        AuditEvent(account_id=account.id, action="membership.removed"),
        an_invitation(account.id, "new@example.com"),
    )

    data = await answered(
        identity, await signed_in(identity, admin), OVERVIEW, id=global_id(account)
    )

    assert data["account"] == {
        "name": "Acme",
        "number": account.number,
        "version": 1,
        "billingAddress": {"line1": "1 Mill Lane", "vatNumber": "GB123"},
        "shippingAddress": {"city": "Leeds"},
        "billingContact": {"name": "Grace Hopper"},
        "members": {
            "totalCount": 1,
            "nodes": [
                {"role": "ADMINISTRATOR", "user": {"name": "Grace Hopper", "email": admin.email}}
            ],
        },
        "invitations": {
            "totalCount": 1,
            "nodes": [{"email": "new@example.com", "state": "PENDING"}],
        },
        "partners": [
            {
                "partner": {"name": "Helper"},
                "scope": ["ACCOUNT_READ", "DOWNLOAD"],
                "until": None,
            }
        ],
        "auditLog": {"nodes": [{"action": "membership.removed"}]},
    }


def an_invitation(account_id: Any, email: str, **values: Any) -> Invitation:
    defaults = {"expires_at": datetime.now(UTC) + timedelta(days=7), "token_hash": new_id().bytes}
    return Invitation(
        account_id=account_id,
        email=email,
        email_key=email,
        first_name="Ann",
        last_name="Other",
        role=Role.INDIVIDUAL,
        **{**defaults, **values},
    )


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"expires_at": datetime.now(UTC) - timedelta(days=1)}, "EXPIRED"),
        ({"revoked_at": datetime.now(UTC)}, "REVOKED"),
        ({"accepted_at": datetime.now(UTC)}, "ACCEPTED"),
    ],
)
async def test_an_invitation_says_what_has_become_of_it(
    identity: Database, values: dict[str, Any], state: str
) -> None:
    admin, account = a_user(), an_account()
    await kept(
        identity,
        *(admin, account, a_member(account, admin, Role.ADMINISTRATOR)),
        an_invitation(account.id, "new@example.com", **values),
    )

    data = await answered(
        identity, await signed_in(identity, admin), OVERVIEW, id=global_id(account)
    )

    assert data["account"]["invitations"]["nodes"] == [{"email": "new@example.com", "state": state}]


async def test_members_are_found_by_role_and_by_name_and_are_not_listed_once_removed(
    identity: Database,
) -> None:
    admin, ada, bob = a_user("Grace", "Hopper"), a_user("Ada", "100%"), a_user("Bob", "Gone")
    account = an_account()
    await kept(
        identity,
        *(admin, ada, bob, account, a_member(account, admin, Role.ADMINISTRATOR)),
        a_member(account, ada),
        a_member(account, bob, state=MembershipState.REMOVED),
    )
    caller = await signed_in(identity, admin)

    data = await answered(
        identity,
        caller,
        """query ($id: ID!) { account(id: $id) {
            all: members { totalCount nodes { user { lastName } } }
            some: members(role: INDIVIDUAL) { totalCount }
            named: members(search: "a 100%") { nodes { user { lastName } } }
            wild: members(search: "_") { totalCount } } }""",
        id=global_id(account),
    )

    assert data["account"] == {
        "all": {
            "totalCount": 2,
            "nodes": [{"user": {"lastName": "100%"}}, {"user": {"lastName": "Hopper"}}],
        },
        "some": {"totalCount": 1},
        "named": {"nodes": [{"user": {"lastName": "100%"}}]},
        "wild": {"totalCount": 0},
    }


async def test_a_partner_sees_its_own_relation_and_not_its_competitors(
    identity: Database,
) -> None:
    manager, customer = a_user(), an_account()
    mine, other = (an_account(name, kind=AccountKind.PARTNER) for name in ("Mine", "Other"))
    await kept(
        identity,
        *(manager, customer, mine, other, a_member(mine, manager, Role.PARTNER_MANAGER)),
        *(a_relation(customer, mine), a_relation(customer, other)),
    )

    data = await answered(
        identity,
        await signed_in(identity, manager),
        """query ($customer: ID!, $other: ID!) {
            account(id: $customer) { partners { partner { name } } }
            competitor: account(id: $other) { name } }""",
        customer=global_id(customer),
        other=global_id(other),
    )

    assert data == {
        "account": {"partners": [{"partner": {"name": "Mine"}}]},
        "competitor": None,
    }


async def test_a_partner_of_record_is_known_by_name_but_is_not_among_ones_accounts(
    identity: Database,
) -> None:
    admin, account = a_user(), an_account("Acme")
    partner = an_account("Helper", kind=AccountKind.PARTNER, billing_address=ADDRESS)
    await kept(
        identity,
        *(admin, account, partner, a_member(account, admin, Role.ADMINISTRATOR)),
        a_relation(account, partner),
    )
    caller = await signed_in(identity, admin)

    data = await answered(
        identity,
        caller,
        """query ($id: ID!) { accounts { totalCount nodes { name } }
            account(id: $id) { name billingAddress { city } members { totalCount }
                viewerCapabilities } }""",
        id=global_id(partner),
    )

    assert data == {
        "accounts": {"totalCount": 1, "nodes": [{"name": "Acme"}]},
        "account": {
            "name": "Helper",
            "billingAddress": None,
            "members": None,
            "viewerCapabilities": [],
        },
    }


async def test_a_former_customer_is_known_by_name_only(identity: Database) -> None:
    manager, partner = a_user(), an_account("Helper", kind=AccountKind.PARTNER)
    customer = an_account("Former", billing_address=ADDRESS)
    await kept(
        identity,
        *(manager, partner, customer, a_member(partner, manager, Role.PARTNER_MANAGER)),
        a_relation(customer, partner, since=date(2024, 1, 1), until=date(2025, 1, 1)),
    )

    data = await answered(
        identity,
        await signed_in(identity, manager),
        """query ($id: ID!) { accounts { nodes { name } }
            account(id: $id) { name billingAddress { city } viewerCapabilities } }""",
        id=global_id(customer),
    )

    assert data == {
        "accounts": {"nodes": [{"name": "Helper"}]},
        "account": {"name": "Former", "billingAddress": None, "viewerCapabilities": []},
    }


async def test_staff_find_every_account_and_see_what_their_desk_allows(
    identity: Database,
) -> None:
    clerk, account = a_user(), an_account("Findable Ltd", billing_address=ADDRESS)
    await kept(identity, clerk, account, staff(clerk, Desk.FINANCE))

    data = await answered(
        identity,
        await signed_in(identity, clerk),
        """{ accounts(search: "findable") { nodes {
            billingAddress { city } members { totalCount } auditLog { totalCount } } } }""",
    )

    assert data["accounts"]["nodes"] == [
        {"billingAddress": {"city": "Leeds"}, "members": None, "auditLog": None}
    ]


async def test_a_dashboard_sees_no_account(identity: Database) -> None:
    account, dashboard = an_account(), a_client(None, Capability.AGGREGATE_READ)
    await kept(identity, account, dashboard)

    data = await answered(
        identity,
        await signed_in(identity, dashboard),
        "query ($id: ID!) { account(id: $id) { name } accounts { totalCount } }",
        id=global_id(account),
    )

    assert data == {"account": None, "accounts": {"totalCount": 0}}
