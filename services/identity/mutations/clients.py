"""Machine clients, managed by the people of their account."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import plain
from kit.contract import Capability
from kit.idempotency import once
from kit.ids import from_global
from kit.step_up import require_step_up
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import any_of
from services.identity.authentication.sessions import hash_of, new_secret
from services.identity.context import Info
from services.identity.inputs.clients import CreateApiClientInput, new_client
from services.identity.models import ApiClient
from services.identity.rights.act import Act
from services.identity.rights.authority import account_of, authorized, person
from services.identity.rights.clients import create_client, revoke_client, rotate_secret
from services.identity.types import api_client
from services.identity.types.api_client import ApiClientPayload

_MANAGERS: Final = any_of(Capability.API_CLIENT_MANAGE)


@strawberry.type
class ClientMutations:
    """What gives a secret away asks for step-up; what takes rights away does not."""

    @refusable(directives=[_MANAGERS])
    async def create_api_client(self, info: Info, input: CreateApiClientInput) -> ApiClientPayload:
        """A client with no more than the caller has in the account. The same key gives the same
        client, without its secret."""
        context, secret = info.context, new_secret()
        principal = person(context.principal)
        require_step_up(principal)
        account_id = from_global("acc", input.account_id)
        made: list[UUID] = []
        async with context.database.system() as session:
            account, act = await authorized(
                session, principal, account_id, Capability.API_CLIENT_MANAGE, path=("accountId",)
            )
            new = new_client(input, account.id)

            async def create() -> UUID:
                rules = context.client_rules
                row = await create_client(session, new, hash_of(secret), rules=rules, act=act)
                made.append(row.id)
                return row.id

            id = await once(
                session,
                principal,
                operation="createApiClient",
                key=plain(input.idempotency_key),
                parameters=asdict(input),
                act=create,
            )
            row = await session.get_one(ApiClient, id)
        return _payload(info, row, secret if made else None)

    @refusable(directives=[_MANAGERS])
    async def rotate_api_client_secret(self, info: Info, id: strawberry.ID) -> ApiClientPayload:
        """Another secret, shown once. The one before it is good for a while longer, so that the
        program can be told without a gap."""
        context, secret = info.context, new_secret()
        require_step_up(person(context.principal))
        async with context.database.system() as session:
            client_id, act = await _managed(session, info, id)
            rules = context.client_rules
            row = await rotate_secret(session, client_id, hash_of(secret), rules=rules, act=act)
        return _payload(info, row, secret)

    @refusable(directives=[_MANAGERS])
    async def revoke_api_client(self, info: Info, id: strawberry.ID) -> ApiClientPayload:
        """The client acts no more, at once."""
        person(info.context.principal)
        async with info.context.database.system() as session:
            client_id, act = await _managed(session, info, id)
            row = await revoke_client(session, client_id, act=act)
        return _payload(info, row)


async def _managed(session: AsyncSession, info: Info, id: str) -> tuple[UUID, Act]:
    client_id = from_global(api_client.PREFIX, id)
    account_id = await account_of(session, ApiClient.id, client_id)
    _, act = await authorized(
        session, info.context.principal, account_id, Capability.API_CLIENT_MANAGE, path=("id",)
    )
    if client_id is None:
        raise LookupError("A client was found by no id.")
    return client_id, act


def _payload(info: Info, row: ApiClient, secret: str | None = None) -> ApiClientPayload:
    info.context.loaders.forget()
    return ApiClientPayload(client=api_client.ApiClient.of(row), secret=secret)
