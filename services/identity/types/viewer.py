"""The caller."""

from datetime import UTC, datetime
from typing import Self

import strawberry

from kit.contract import PrincipalKind
from kit.subgraph.entities import Key
from kit.subgraph.rules import AUTHENTICATED
from kit.subgraph.viewer import caller_alone
from services.identity.context import Info
from services.identity.inputs.accounts import account_query
from services.identity.types.account import AccountConnection, accounts_page
from services.identity.types.membership import Membership
from services.identity.types.provider_link import ProviderLink
from services.identity.types.session import Session
from services.identity.types.user import NotificationPreference, User


@strawberry.federation.type(keys=["id"], extend=True)
class Viewer:
    """The gateway's type: what identity knows about the caller."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[AUTHENTICATED])
    async def user(self, info: Info) -> User | None:
        """The caller as a person; None for machine clients."""
        principal = info.context.principal
        if principal.kind is PrincipalKind.MACHINE:
            return None
        row = await info.context.loaders.user.load(principal.id)
        return User.of(row) if row is not None else None

    @strawberry.field(directives=[AUTHENTICATED])
    async def memberships(self, info: Info) -> list[Membership] | None:
        """The caller's memberships, oldest first."""
        rows = await info.context.loaders.own_memberships()
        return [Membership.of(row) for row in rows]

    @strawberry.field(directives=[AUTHENTICATED])
    async def accounts(
        self,
        info: Info,
        search: str | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> AccountConnection | None:
        """The accounts in which the caller has rights, by name."""
        return await accounts_page(info, account_query(search, None), first, after)

    @strawberry.field(directives=[AUTHENTICATED])
    async def sessions(self, info: Info) -> list[Session] | None:
        """The caller's sign-ins that still go on, the one used last first."""
        rows = await info.context.loaders.own_sessions(datetime.now(UTC))
        current_id = info.context.principal.session_id
        return [Session.of(row, current_id) for row in rows]

    @strawberry.field(directives=[AUTHENTICATED])
    async def notification_preferences(self, info: Info) -> list[NotificationPreference] | None:
        """Which mails the caller gets; None for machine clients."""
        if info.context.principal.kind is PrincipalKind.MACHINE:
            return None
        return NotificationPreference.all_of(await info.context.loaders.own_choices())

    @strawberry.field(directives=[AUTHENTICATED])
    async def provider_links(self, info: Info) -> list[ProviderLink] | None:
        """The providers that the caller signs in with, oldest first."""
        rows = await info.context.loaders.own_provider_links()
        return [ProviderLink.of(row) for row in rows]

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Nobody but the caller."""
        return caller_alone(cls, info.context.principal, keys)
