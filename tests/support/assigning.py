"""Gives keys to people in a test's name."""

from typing import Any

from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.licensing.models import Assignment, ProductKey
from tests.support.licensing import answered, global_id

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
    """To whom the key was ever given."""
    async with database.system() as session:
        rows = await session.scalars(select(Assignment).where(Assignment.key_id == key.id))
        return list(rows)


async def announced(database: Database, key: ProductKey) -> list[dict[str, Any]]:
    """What was announced of the key's being given."""
    async with database.system() as session:
        rows = await session.scalars(
            select(OutboxRow).where(OutboxRow.topic == "licensing.key-assigned")
        )
        return [row.payload for row in rows if row.payload["key_id"] == str(key.id)]
