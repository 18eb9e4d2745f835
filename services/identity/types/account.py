"""Accounts and what belongs to them."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import from_global, to_global
from kit.subgraph.batching import Of, Paged
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node
from kit.subgraph.paging import page_request
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.identity import models
from services.identity.context import Info
from services.identity.inputs.accounts import audit_query
from services.identity.loaders import Loaders
from services.identity.models import AccountKind, AccountStatus, Role
from services.identity.repository.query import AccountQuery, MemberQuery
from services.identity.types.api_client import ApiClient, ApiClientConnection
from services.identity.types.audit import AuditEvent, AuditEventConnection
from services.identity.types.membership import (
    Invitation,
    InvitationConnection,
    Membership,
    MembershipConnection,
)
from services.identity.types.partner import PartnerRelation
from services.identity.types.restoration import RESTORERS, AdministratorRestoration
from services.identity.types.user import User

PREFIX = "acc"

_READERS = any_of(Capability.ACCOUNT_READ)
_MEMBER_READERS = any_of(Capability.MEMBER_READ)
_CLIENT_MANAGERS = any_of(Capability.API_CLIENT_MANAGE)
_AUDITORS = any_of(Capability.AUDIT_READ)


@strawberry.type
class Address:
    """A postal address. `country` is ISO 3166-1 alpha-2."""

    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str
    company: str | None
    vat_number: str | None

    @classmethod
    def of(cls, address: models.Address) -> Self:
        """From the account's column."""
        return cls(
            line1=address.line1,
            line2=address.line2,
            city=address.city,
            region=address.region,
            postal_code=address.postal_code,
            country=address.country,
            company=address.company,
            vat_number=address.vat_number,
        )


@strawberry.federation.type(keys=["id", "number"], directives=[AUTHENTICATED])
class Account(Node):
    """A customer or a partner. All that may be null needs a right in this very account."""

    number: str
    name: str
    status: AccountStatus
    kind: AccountKind
    version: int
    row: strawberry.Private[models.Account]

    @strawberry.field(directives=[_READERS])
    def billing_address(self, info: Info) -> Address | None:
        """Where invoices go."""
        return self._address(info, self.row.billing_address)

    @strawberry.field(directives=[_READERS])
    def shipping_address(self, info: Info) -> Address | None:
        """Where goods go."""
        return self._address(info, self.row.shipping_address)

    @strawberry.field(directives=[_READERS])
    async def billing_contact(self, info: Info) -> User | None:
        """Who is asked about invoices."""
        id = self.row.billing_contact_id
        if id is None or not self._grants(info, Capability.ACCOUNT_READ):
            return None
        row = await info.context.loaders.user.load(id)
        return User.of(row) if row is not None else None

    @strawberry.field(directives=[_MEMBER_READERS])
    async def members(
        self,
        info: Info,
        role: Role | None = None,
        search: str | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> MembershipConnection | None:
        """Members by name; those removed are not listed."""
        if not self._grants(info, Capability.MEMBER_READ):
            return None
        query, loaders = MemberQuery(role, search), info.context.loaders
        request = page_request(info, f"members:{role}:{search}", first, after)
        page = await loaders.members_of.load(Of(self.row.id, Paged(query, request)))
        count = partial(loaders.member_count_of.load, Of(self.row.id, query))
        return MembershipConnection.of(page, Membership.of, count)

    @strawberry.field(directives=[_MEMBER_READERS])
    async def invitations(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> InvitationConnection | None:
        """Invitations, latest first."""
        if not self._grants(info, Capability.MEMBER_READ):
            return None
        loaders = info.context.loaders
        request = page_request(info, "invitations", first, after)
        page = await loaders.invitations_of.load(Of(self.row.id, request))
        count = partial(loaders.invitation_count_of.load, Of(self.row.id, None))
        return InvitationConnection.of(page, Invitation.of, count)

    @strawberry.field(directives=[_READERS])
    async def partners(self, info: Info) -> list[PartnerRelation] | None:
        """Partners of record, those of the past too; a partner sees itself only."""
        if not self._grants(info, Capability.ACCOUNT_READ):
            return None
        relations = await info.context.loaders.partners_of.load(self.row.id)
        return [PartnerRelation.of(relation) for relation in relations]

    @strawberry.field(directives=[RESTORERS])
    async def administrator_restorations(self, info: Info) -> list[AdministratorRestoration] | None:
        """What staff asked for to give the account an administrator, latest first."""
        if not self._grants(info, Capability.STAFF_ACCOUNT):
            return None
        rows = await info.context.loaders.restorations_of.load(self.row.id)
        return [AdministratorRestoration.of(row) for row in rows]

    @strawberry.field(directives=[_AUDITORS])
    async def audit_log(
        self,
        info: Info,
        since: datetime | None = None,
        until: datetime | None = None,
        action: str | None = None,
        actor_id: strawberry.ID | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> AuditEventConnection | None:
        """What was done in the account, latest first: from `since` up to, not including, `until`;
        `action` is `membership.removed`, or `membership` for all that was done to members."""
        if not self._grants(info, Capability.AUDIT_READ):
            return None
        query, loaders = audit_query(since, until, action, actor_id), info.context.loaders
        request = page_request(info, f"audit:{query}", first, after)
        page = await loaders.audit_log_of.load(Of(self.row.id, Paged(query, request)))
        count = partial(loaders.audit_count_of.load, Of(self.row.id, query))
        return AuditEventConnection.of(page, AuditEvent.of, count)

    @strawberry.field(directives=[_CLIENT_MANAGERS])
    async def api_clients(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> ApiClientConnection | None:
        """Machine clients, latest first, with those that act no more."""
        if not self._grants(info, Capability.API_CLIENT_MANAGE):
            return None
        loaders = info.context.loaders
        request = page_request(info, "api-clients", first, after)
        page = await loaders.api_clients_of.load(Of(self.row.id, request))
        count = partial(loaders.api_client_count_of.load, Of(self.row.id, None))
        return ApiClientConnection.of(page, ApiClient.of, count)

    @strawberry.field
    def viewer_capabilities(self, info: Info) -> list[Capability]:
        """What the caller may do in this account."""
        principal = info.context.principal
        held = principal.accounts.get(self.row.id, frozenset[Capability]())
        return sorted(principal.everywhere | held)

    def _address(self, info: Info, address: models.Address | None) -> Address | None:
        if address is None or not self._grants(info, Capability.ACCOUNT_READ):
            return None
        return Address.of(address)

    def _grants(self, info: Info, capability: Capability) -> bool:
        return info.context.principal.holds(capability, self.row.id)

    @classmethod
    def of(cls, row: models.Account) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            number=row.number,
            name=row.name,
            status=row.status,
            kind=row.kind,
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id or by number."""
        loaders = info.context.loaders
        async with asyncio.TaskGroup() as group:
            rows = [group.create_task(_row_of(loaders, key)) for key in keys]
        return [cls.of(row) if (row := task.result()) is not None else None for task in rows]


async def _row_of(loaders: Loaders, key: Key) -> models.Account | None:
    id, number = key.get("id"), key.get("number")
    if isinstance(id, str):
        uuid = from_global(PREFIX, id)
        return await loaders.account.load(uuid) if uuid is not None else None
    return await loaders.account_numbered.load(number) if isinstance(number, str) else None


@strawberry.type
class AccountConnection(Connection[Account]):
    """A page of accounts."""


@strawberry.type
class AccountPayload:
    """The account as it is now, or why nothing was done."""

    account: Account | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


async def accounts_page(
    info: Info, query: AccountQuery, first: int | None, after: str | None
) -> AccountConnection:
    """A page of the accounts that the caller reaches, by name."""
    loaders = info.context.loaders
    page = await loaders.accounts(query, page_request(info, f"accounts:{query}", first, after))
    return AccountConnection.of(page, Account.of, partial(loaders.account_count, query))
