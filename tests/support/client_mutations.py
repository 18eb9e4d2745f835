"""Operations on machine clients, in a caller's name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models import Account, Role
from tests.support.identity import (
    a_member,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    signed_in,
)

CREATE = """mutation ($input: CreateApiClientInput!) { createApiClient(input: $input) {
  client { id name scopes expiresAt lastUsedAt revokedAt createdBy { id } }
  secret errors { code path } } }"""


def wanted(account: Account, *scopes: Capability, **values: Any) -> dict[str, Any]:
    """What a caller asks for: a client for a month."""
    expires_at = datetime.now(UTC) + timedelta(days=30)
    return {
        "accountId": global_id(account),
        "name": "Nightly import",
        "scopes": [scope.value for scope in scopes],
        "expiresAt": expires_at.isoformat(),
        "idempotencyKey": new_id().hex,
        **values,
    }


async def a_caller(
    identity: Database, role: Role = Role.ADMINISTRATOR, **values: Any
) -> tuple[Account, Principal]:
    """A member of a new account, who has just signed in."""
    person, account = a_user(), an_account(**values)
    await kept(identity, person, account, a_member(account, person, role))
    return account, await signed_in(identity, person)


async def created(identity: Database, caller: Principal, input: dict[str, Any]) -> dict[str, Any]:
    """The payload of `createApiClient`."""
    found: dict[str, Any] = await answered(identity, caller, CREATE, input=input)
    payload: dict[str, Any] = found["createApiClient"]
    return payload


async def codes(identity: Database, caller: Principal, input: dict[str, Any]) -> list[Any]:
    """Why `createApiClient` is refused: codes with their paths."""
    return [
        (error["code"], error["path"])
        for error in (await created(identity, caller, input))["errors"]
    ]
