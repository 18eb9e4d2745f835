"""Giving keys to people: who may, what is refused, and what is announced."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.licensing.models import (
    Assignment,
    Deployment,
    DeploymentPlatform,
    KeyProduct,
    ProductKey,
)
from tests.support.licensing import (
    ADMINISTRATOR,
    GROUP_MANAGER,
    INDIVIDUAL,
    a_caller,
    a_deployment,
    a_group,
    a_key,
    a_manager,
    answered,
    ask,
    assigned_to,
    global_id,
    in_days,
    kept,
)

ASSIGN = """mutation ($i: AssignKeyInput!) { assignKey(input: $i) {
    productKey { id version assignment { name email user { id } } viewerCan { assign } }
    errors { code path message } } }"""


def an_input(key: ProductKey, **changed: Any) -> dict[str, Any]:
    """Ada gets the key."""
    return {
        "keyId": global_id(key),
        "firstName": "Ada",
        "lastName": "Byron",
        "email": "ada@example.com",
        "expectedVersion": 1,
        "idempotencyKey": str(new_id()),
        **changed,
    }


async def assign(database: Database, caller: Principal, input: dict[str, Any]) -> Any:
    """The payload."""
    return (await answered(database, caller, ASSIGN, i=input))["assignKey"]


async def refusal(database: Database, caller: Principal, input: dict[str, Any]) -> tuple[Any, Any]:
    """The one error's code and path; nothing came of it."""
    payload = await assign(database, caller, input)
    assert payload["productKey"] is None
    [error] = payload["errors"]
    return error["code"], error["path"]


async def history(database: Database, key: ProductKey) -> list[Assignment]:
    async with database.system() as session:
        rows = await session.scalars(select(Assignment).where(Assignment.key_id == key.id))
        return list(rows)


async def announced(database: Database, key: ProductKey) -> list[dict[str, Any]]:
    async with database.system() as session:
        rows = await session.scalars(
            select(OutboxRow).where(OutboxRow.topic == "licensing.key-assigned")
        )
        return [row.payload for row in rows if row.payload["key_id"] == str(key.id)]


async def somebody_waits(database: Database) -> None:
    """Returns once a statement waits for somebody else's lock."""
    waiting = text(
        """select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'"""
    )
    async with database.engine.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not await autocommit.scalar(waiting):
            pass


@pytest.mark.parametrize("access", [True, False])
async def test_an_administrator_gives_a_key(licensing: Database, access: bool) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    payload = await assign(
        licensing, admin, an_input(key, email=" ada@example.com ", grantPortalAccess=access)
    )

    assert payload == {
        "productKey": {
            "id": global_id(key),
            "version": 2,
            "assignment": {"name": "Ada Byron", "email": "ada@example.com", "user": None},
            "viewerCan": {"assign": True},
        },
        "errors": [],
    }
    [row] = await history(licensing, key)
    assert (row.portal_access, row.assigned_by_id, row.ended_at) == (access, admin.id, None)
    assert await announced(licensing, key) == [
        {
            "key_id": str(key.id),
            "account_id": str(account),
            "masked_key": key.masked,
            "first_name": "Ada",
            "last_name": "Byron",
            "email": "ada@example.com",
            "grant_portal_access": access,
            "assigned_by_id": str(admin.id),
        }
    ]


async def test_somebody_whom_the_account_knows_finds_the_key_among_their_own(
    licensing: Database,
) -> None:
    account, ada = new_id(), new_id()
    before, key = a_key(account), a_key(account)
    known = Assignment(
        account_id=account,
        key_id=before.id,
        first_name="Ada",
        last_name="Byron",
        email="Ada@Example.com",
        email_key="ada@example.com",
        user_id=ada,
    )
    await kept(licensing, before, key, known)

    payload = await assign(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        an_input(key, email="ADA@example.com"),
    )
    mine = await answered(
        licensing,
        a_caller(*INDIVIDUAL, account_id=account, id=ada),
        "{ productKeys(view: MINE) { nodes { id } } }",
    )

    assert payload["productKey"]["assignment"]["user"] == {"id": to_global("user", ada)}
    assert mine["productKeys"]["nodes"] == [{"id": global_id(key)}]


async def test_a_group_manager_gives_keys_of_managed_groups_only(licensing: Database) -> None:
    account, person = new_id(), new_id()
    mine, other = a_group(account, "Mine"), a_group(account, "Other")
    key, foreign = a_key(account, group_id=mine.id), a_key(account, group_id=other.id)
    own = a_key(account, owner_id=person)
    await kept(licensing, mine, other, a_manager(mine, person), key, foreign, own)
    caller = a_caller(*GROUP_MANAGER, account_id=account, id=person)

    assert (await assign(licensing, caller, an_input(key)))["errors"] == []
    assert await refusal(licensing, caller, an_input(foreign)) == ("NOT_FOUND", ["keyId"])
    assert await refusal(licensing, caller, an_input(own)) == ("FORBIDDEN", ["keyId"])


async def test_who_sees_a_key_may_not_therefore_give_it(licensing: Database) -> None:
    account, person = new_id(), new_id()
    key = a_key(account, owner_id=person)
    await kept(licensing, key)
    reader = a_caller(Capability.KEY_READ_ALL, account_id=account)
    owner = a_caller(*INDIVIDUAL, account_id=account, id=person)

    for caller in (reader, owner):
        assert await refusal(licensing, caller, an_input(key)) == ("FORBIDDEN", ["keyId"])
    assert await history(licensing, key) == []


async def test_a_foreign_key_answers_as_one_that_does_not_exist(licensing: Database) -> None:
    key = a_key(new_id())
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=new_id())

    for id in (
        global_id(key),
        to_global("key", new_id()),
        "nonsense",
        "",
        to_global("acc", key.id),
    ):
        assert await refusal(licensing, admin, an_input(key, keyId=id)) == ("NOT_FOUND", ["keyId"])


@pytest.mark.parametrize("product", [KeyProduct.CREATOR, KeyProduct.DESKTOP, KeyProduct.PREP])
@pytest.mark.parametrize("platform", DeploymentPlatform)
async def test_where_people_sign_in_no_key_that_they_would_type_is_given(
    licensing: Database, product: KeyProduct, platform: DeploymentPlatform
) -> None:
    account = new_id()
    deployment = a_deployment(account, platform=platform, login_based=True)
    placed = a_key(account, product=product, deployment_id=deployment.id)
    loose = a_key(account, product=product)
    await kept(licensing, deployment, a_deployment(account, "Other"), placed, loose)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    assert await refusal(licensing, admin, an_input(placed)) == ("LBLM_KEY_REFUSED", None)
    assert (await assign(licensing, admin, an_input(loose)))["errors"] == []


async def test_where_people_sign_in_everywhere_a_key_without_a_place_is_refused_too(
    licensing: Database,
) -> None:
    account = new_id()
    key, server = a_key(account), a_key(account, product=KeyProduct.SERVER)
    await kept(licensing, a_deployment(account, login_based=True), key, server)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    assert await refusal(licensing, admin, an_input(key)) == ("LBLM_KEY_REFUSED", None)
    assert (await assign(licensing, admin, an_input(server)))["errors"] == []


async def test_a_manager_who_reads_no_deployments_is_refused_as_well(licensing: Database) -> None:
    account = new_id()
    deployment = a_deployment(account, login_based=True)
    key = a_key(account, deployment_id=deployment.id)
    await kept(licensing, deployment, key)
    client = a_caller(Capability.KEY_READ_ALL, Capability.KEY_MANAGE_ALL, account_id=account)

    assert await refusal(licensing, client, an_input(key)) == ("LBLM_KEY_REFUSED", None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"expires_on": in_days(-1)}, "KEY_EXPIRED"),
        ({"suspended_at": datetime.now(UTC)}, "WRONG_STATE"),
        ({"revoked_at": datetime.now(UTC)}, "WRONG_STATE"),
        (assigned_to("Bob", "bob@example.com"), "WRONG_STATE"),
    ],
)
async def test_a_key_that_is_not_free_is_refused(
    licensing: Database, values: dict[str, Any], code: str
) -> None:
    account = new_id()
    key = a_key(account, **values)
    await kept(licensing, key)

    refused = await refusal(licensing, a_caller(*ADMINISTRATOR, account_id=account), an_input(key))

    assert refused == (code, None)
    assert await history(licensing, key) == []
    assert await announced(licensing, key) == []


@pytest.mark.parametrize(
    "dates",
    [{"expires_on": in_days(0)}, {"starts_on": in_days(1), "visible_from": in_days(-1)}],
    ids=["last day", "not started"],
)
async def test_a_key_is_given_before_it_starts_and_on_its_last_day(
    licensing: Database, dates: dict[str, Any]
) -> None:
    account = new_id()
    key = a_key(account, **dates)
    await kept(licensing, key)

    payload = await assign(licensing, a_caller(*ADMINISTRATOR, account_id=account), an_input(key))

    assert payload["errors"] == []


@pytest.mark.parametrize(
    ("had_access", "granted", "version"),
    [(False, False, 1), (True, False, 1), (True, True, 1), (False, True, 2)],
)
async def test_whoever_has_the_key_can_only_be_given_access_besides(
    licensing: Database, had_access: bool, granted: bool, version: int
) -> None:
    account = new_id()
    key = a_key(account, **assigned_to("Ada Byron", "Ada@Example.com"))
    before = Assignment(
        account_id=account,
        key_id=key.id,
        first_name="Ada",
        last_name="Byron",
        email="Ada@Example.com",
        email_key="ada@example.com",
        portal_access=had_access,
    )
    await kept(licensing, key, before)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    payload = await assign(licensing, admin, an_input(key, grantPortalAccess=granted))

    assert payload["productKey"]["version"] == version
    events = [event["grant_portal_access"] for event in await announced(licensing, key)]
    assert events == [True] * (version - 1)
    [row] = await history(licensing, key)
    assert row.portal_access is (had_access or granted)


async def test_a_deployment_where_people_begin_to_sign_in_takes_no_key_in_the_same_instant(
    licensing: Database,
) -> None:
    account = new_id()
    deployment = a_deployment(account)
    key = a_key(account, deployment_id=deployment.id)
    await kept(licensing, deployment, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    async with asyncio.timeout(20), asyncio.TaskGroup() as group, licensing.system() as session:
        (await session.get_one(Deployment, deployment.id)).login_based = True
        await session.flush()
        refused = group.create_task(refusal(licensing, admin, an_input(key)))
        await somebody_waits(licensing)

    assert refused.result() == ("LBLM_KEY_REFUSED", None)


async def test_a_key_that_changed_meanwhile_is_refused_with_its_version(
    licensing: Database,
) -> None:
    account = new_id()
    key = a_key(account, version=4)
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    payload = await assign(licensing, admin, an_input(key, expectedVersion=3))

    assert payload["errors"] == [
        {
            "code": "CONFLICT_VERSION",
            "path": ["expectedVersion"],
            "message": "This was changed meanwhile: it is at version 4 now.",
        }
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", ""),
        ("firstName", "   "),
        ("lastName", "x" * 201),
        ("lastName", "Byron\r\nBcc: all@example.com"),
        ("email", ""),
        ("email", "ada"),
        ("email", "ada@example"),
        ("email", "ada byron@example.com"),
        ("email", "ada@example.com\r\nBcc: all@example.com"),
        ("email", "ada@@example.com"),
        ("email", f"{'a' * 64}@{'b' * 200}.com"),
    ],
)
async def test_what_is_no_name_or_address_is_refused(
    licensing: Database, field: str, value: str
) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    assert await refusal(licensing, admin, an_input(key, **{field: value})) == ("INVALID", [field])


async def test_the_same_request_twice_gives_the_key_once(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin, input = a_caller(*ADMINISTRATOR, account_id=account), an_input(key)

    first, second = [await assign(licensing, admin, input) for _ in range(2)]

    assert first == second
    assert len(await announced(licensing, key)) == 1


async def test_the_same_idempotency_key_with_another_address_is_refused(
    licensing: Database,
) -> None:
    account = new_id()
    key, other = a_key(account), a_key(account)
    await kept(licensing, key, other)
    admin, input = a_caller(*ADMINISTRATOR, account_id=account), an_input(key)
    await assign(licensing, admin, input)

    refused = await refusal(licensing, admin, {**input, "keyId": global_id(other)})

    assert refused == ("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])
    assert await history(licensing, other) == []


async def test_two_people_who_give_one_key_at_once_are_told_apart(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    inputs = [an_input(key), an_input(key, firstName="Bob", email="bob@example.com")]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                assign(licensing, a_caller(*ADMINISTRATOR, account_id=account), input)
            )
            for input in inputs
        ]

    codes = sorted(str([error["code"] for error in task.result()["errors"]]) for task in tasks)
    assert codes == ["['CONFLICT_VERSION']", "[]"]
    assert len(await history(licensing, key)) == 1


async def test_a_refusal_leaves_the_idempotency_key_free(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)
    input = an_input(key, expectedVersion=9)
    await refusal(licensing, admin, input)

    payload = await assign(licensing, admin, {**input, "expectedVersion": 1})

    assert payload["errors"] == []


async def test_a_refusal_speaks_french(licensing: Database) -> None:
    account = new_id()
    key = a_key(account, expires_on=in_days(-1))
    await kept(licensing, key)
    admin = a_caller(*ADMINISTRATOR, account_id=account)

    result = await ask(licensing, admin, ASSIGN, {"i": an_input(key)}, locale="fr")

    assert result.data is not None
    assert result.data["assignKey"]["errors"][0]["message"] == "Cette clé a expiré."


@pytest.mark.parametrize(
    ("caller", "assignable"), [(ADMINISTRATOR, True), (GROUP_MANAGER, True), (INDIVIDUAL, False)]
)
async def test_viewer_can_says_beforehand_what_may_be_done(
    licensing: Database, caller: tuple[Capability, ...], assignable: bool
) -> None:
    account, person = new_id(), new_id()
    group = a_group(account)
    key = a_key(account, group_id=group.id, owner_id=person)
    expired = a_key(account, group_id=group.id, owner_id=person, expires_on=in_days(-1))
    await kept(licensing, group, a_manager(group, person), key, expired)

    data = await answered(
        licensing,
        a_caller(*caller, account_id=account, id=person),
        """query ($key: ID, $expired: ID) {
            key: productKey(id: $key) { viewerCan { reveal assign edit changeOwner } }
            expired: productKey(id: $expired) { viewerCan { assign edit } } }""",
        key=global_id(key),
        expired=global_id(expired),
    )

    assert data == {
        "key": {
            "viewerCan": {
                "reveal": True,
                "assign": assignable,
                "edit": assignable,
                "changeOwner": caller == ADMINISTRATOR,
            }
        },
        "expired": {"viewerCan": {"assign": False, "edit": assignable}},
    }
