"""Identity's root fields."""

from typing import TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from kit.contract import Capability
from kit.ids import from_global
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.identity.context import Info
from services.identity.inputs.accounts import AccountFilter, account_query
from services.identity.types import account as accounts
from services.identity.types import api_client, export, user
from services.identity.types.account import Account, AccountConnection, accounts_page
from services.identity.types.api_client import ApiClient
from services.identity.types.export import AUDITORS, EXPORTERS, AuditExport, UserExport
from services.identity.types.user import User

R = TypeVar("R")


@strawberry.type
class Query:
    """What somebody may not see answers exactly as what does not exist."""

    @strawberry.field(directives=[AUTHENTICATED])
    async def account(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> Account | None:
        """One account, by id or by number; with both, the one that has both."""
        loaders = info.context.loaders
        if id is not None:
            row = await _by_id(accounts.PREFIX, id, loaders.account)
        elif number is not None:
            row = await loaders.account_numbered.load(number)
        else:
            return None
        if row is None or number not in (None, row.number):
            return None
        return Account.of(row)

    @strawberry.field(directives=[AUTHENTICATED])
    async def accounts(
        self,
        info: Info,
        search: str | None = None,
        filter: AccountFilter | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> AccountConnection:
        """The accounts that the caller reaches, by name; `search` looks at name and number."""
        return await accounts_page(info, account_query(search, filter), first, after)

    @strawberry.field(directives=[AUTHENTICATED])
    async def user(self, info: Info, id: strawberry.ID) -> User | None:
        """One person."""
        row = await _by_id(user.PREFIX, id, info.context.loaders.user)
        return User.of(row) if row is not None else None

    @strawberry.field(directives=[any_of(Capability.API_CLIENT_MANAGE)])
    async def api_client(self, info: Info, id: strawberry.ID) -> ApiClient | None:
        """One machine client of an account whose clients the caller manages."""
        row = await _by_id(api_client.PREFIX, id, info.context.loaders.api_client)
        return ApiClient.of(row) if row is not None else None

    @strawberry.field(directives=[EXPORTERS])
    async def user_export(self, info: Info, id: strawberry.ID) -> UserExport | None:
        """One of the caller's own exports."""
        row = await _by_id(export.PREFIX, id, info.context.loaders.user_export)
        return UserExport.of(row, info.context) if row is not None else None

    @strawberry.field(directives=[AUDITORS])
    async def audit_export(self, info: Info, id: strawberry.ID) -> AuditExport | None:
        """One of the caller's own exports."""
        row = await _by_id(export.AUDIT_PREFIX, id, info.context.loaders.audit_export)
        return AuditExport.of(row, info.context) if row is not None else None


async def _by_id(prefix: str, id: str, loader: DataLoader[UUID, R | None]) -> R | None:
    uuid = from_global(prefix, id)
    return await loader.load(uuid) if uuid is not None else None
