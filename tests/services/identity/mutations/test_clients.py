"""Machine clients are made by the people of their account, with no more than those have."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, to_global
from services.identity.authentication.sessions import hash_of
from services.identity.models import (
    Account,
    AccountKind,
    ApiClient,
    Desk,
    Membership,
    Role,
)
from services.identity.rights.clients import ClientRules
from tests.support.audits import audited
from tests.support.client_mutations import a_caller, codes, created, wanted
from tests.support.clients import a_managed_client, client_sign_in, shown
from tests.support.identity import (
    a_client,
    a_member,
    a_relation,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    signed_in,
    staff,
)

KEYS = Capability.KEY_READ_ALL


ONE = "query ($id: ID!) { apiClient(id: $id) { name } }"


async def living(identity: Database, account: Account) -> int:
    async with identity.system() as session:
        counted = await session.scalar(
            select(func.count())
            .select_from(ApiClient)
            .where(ApiClient.account_id == account.id, ApiClient.revoked_at.is_(None))
        )
    return counted or 0


async def test_the_secret_is_shown_once_and_signs_in(identity: Database) -> None:
    account, caller = await a_caller(identity)

    payload = await created(identity, caller, wanted(account, KEYS))

    async with identity.system() as session:
        row = await session.get_one(ApiClient, from_global("cli", payload["client"]["id"]))
    token = await client_sign_in(identity).sign_in(shown(row, payload["secret"]))
    assert token.scopes == {KEYS}
    assert row.secret_hash == hash_of(payload["secret"])
    assert payload["client"]["scopes"] == [KEYS]
    assert payload["client"]["createdBy"] == {"id": to_global("user", caller.id)}
    assert await audited(identity, account) == [("api-client.created", KEYS.scope)]


async def test_the_same_key_gives_the_same_client_without_its_secret(identity: Database) -> None:
    account, caller = await a_caller(identity)
    input = wanted(account, KEYS)

    first, again = (
        await created(identity, caller, input),
        await created(identity, caller, input),
    )

    assert again["client"] == first["client"]
    assert first["secret"] is not None
    assert again["secret"] is None
    assert await living(identity, account) == 1


async def test_of_the_same_key_ten_times_at_once_one_shows_the_secret(identity: Database) -> None:
    account, caller = await a_caller(identity)
    input = wanted(account, KEYS)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(created(identity, caller, input)) for _ in range(10)]

    payloads = [task.result() for task in tasks]
    assert {payload["client"]["id"] for payload in payloads} == {payloads[0]["client"]["id"]}
    assert sum(payload["secret"] is not None for payload in payloads) == 1


async def test_the_same_key_for_something_else_is_refused(identity: Database) -> None:
    account, caller = await a_caller(identity)
    input = wanted(account, KEYS)
    await created(identity, caller, input)

    refused = await codes(identity, caller, {**input, "name": "Another"})

    assert refused == [("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])]


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"scopes": []}, "INVALID", ["scopes"]),
        ({"scopes": ["KEY_REVEAL"]}, "INVALID", ["scopes"]),
        ({"scopes": ["KEY_READ_ALL", "INVOICE_PAY"]}, "INVALID", ["scopes"]),
        ({"scopes": ["API_CLIENT_MANAGE"]}, "INVALID", ["scopes"]),
        ({"scopes": ["STAFF_FINANCE"]}, "INVALID", ["scopes"]),
        ({"expiresAt": NOW.isoformat()}, "INVALID", ["expiresAt"]),
        ({"expiresAt": (NOW + timedelta(days=367)).isoformat()}, "INVALID", ["expiresAt"]),
        ({"name": " "}, "INVALID", ["name"]),
        ({"name": "x" * 101}, "INVALID", ["name"]),
        ({"idempotencyKey": ""}, "INVALID", ["idempotencyKey"]),
        ({"accountId": "acc_nonsense"}, "NOT_FOUND", ["accountId"]),
    ],
)
async def test_what_cannot_be_is_refused_with_a_code(
    identity: Database, values: dict[str, Any], code: str, path: list[str]
) -> None:
    account, caller = await a_caller(identity)

    refused = await codes(identity, caller, wanted(account, KEYS, **values))

    assert refused == [(code, path)]
    assert await living(identity, account) == 0


async def test_nobody_gives_a_client_more_than_they_have(identity: Database) -> None:
    account, caller = await a_caller(identity, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER)

    refused = await codes(identity, caller, wanted(account, Capability.AUDIT_READ))
    granted = await created(identity, caller, wanted(account, Capability.CASE_READ_ALL))

    assert refused == [("FORBIDDEN", ["scopes"])]
    assert granted["errors"] == []


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.PARTNER_MANAGER)]
)
async def test_only_those_who_manage_clients_make_them(identity: Database, role: Role) -> None:
    account, caller = await a_caller(identity, role, kind=AccountKind.PARTNER)

    refused = await codes(identity, caller, wanted(account, Capability.CASE_CREATE))

    assert refused == [("FORBIDDEN", ["accountId"])]


@pytest.mark.parametrize("desk", Desk)
async def test_staff_make_no_clients(identity: Database, desk: Desk) -> None:
    person, account = a_user(), an_account()
    await kept(identity, person, account, staff(person, desk))

    refused = await codes(identity, await signed_in(identity, person), wanted(account, KEYS))

    assert refused == [("FORBIDDEN", ["accountId"])]


async def test_a_strangers_account_is_as_if_it_were_not(identity: Database) -> None:
    _, caller = await a_caller(identity)
    account, _ = await a_caller(identity)

    assert await codes(identity, caller, wanted(account, KEYS)) == [("NOT_FOUND", ["accountId"])]


async def test_a_partners_manager_makes_no_clients_of_its_customers(identity: Database) -> None:
    manager, partner, customer = a_user(), an_account(kind=AccountKind.PARTNER), an_account()
    await kept(
        identity,
        *(manager, partner, customer),
        a_member(partner, manager, Role.PARTNER_MANAGER),
        a_relation(customer, partner),
    )
    caller = await signed_in(identity, manager)
    of_customer = await a_managed_client(identity, KEYS, account=customer)

    refused = await codes(identity, caller, wanted(customer, KEYS))
    unseen = await answered(identity, caller, ONE, id=global_id(of_customer.client))

    assert refused == [("FORBIDDEN", ["accountId"])]
    assert unseen == {"apiClient": None}


async def test_a_client_makes_no_clients(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)
    caller = await signed_in(identity, managed.client)

    assert await codes(identity, caller, wanted(managed.account, KEYS)) == [("FORBIDDEN", None)]


async def test_an_account_has_so_many_living_clients_and_no_more(identity: Database) -> None:
    account, caller = await a_caller(identity)
    most = ClientRules().most
    dead = a_client(account, KEYS, revoked_at=datetime.now(UTC))
    old = a_client(account, KEYS, expires_at=datetime.now(UTC))
    await kept(identity, dead, old, *(a_client(account, KEYS) for _ in range(most - 1)))

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(created(identity, caller, wanted(account, KEYS))) for _ in range(3)
        ]

    errors = [error["code"] for task in tasks for error in task.result()["errors"]]
    assert errors == ["WRONG_STATE", "WRONG_STATE"]


async def test_who_was_demoted_a_moment_ago_makes_no_client(identity: Database) -> None:
    account, caller = await a_caller(identity)
    async with identity.system() as session:
        await session.execute(
            update(Membership).where(Membership.user_id == caller.id).values(role=Role.BILLING)
        )

    refused = await codes(identity, caller, wanted(account, KEYS))

    assert refused == [("FORBIDDEN", ["accountId"])]
