"""Refusals to give a key: for its account, place or state, what was sent, or who was first."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import Deployment, DeploymentPlatform, KeyProduct
from tests.support.assigning import ASSIGN, an_input, announced, assign, history, refusal
from tests.support.licensing import (
    ADMINISTRATOR,
    a_caller,
    a_deployment,
    a_key,
    ask,
    assigned_to,
    global_id,
    in_days,
    kept,
)


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
