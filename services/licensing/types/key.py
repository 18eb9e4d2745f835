"""Product keys."""

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.batching import Of, Paged
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.paging import page_request
from kit.subgraph.rules import any_of
from services.licensing import models
from services.licensing.context import Info
from services.licensing.models import KeyProduct, KeyState
from services.licensing.repository.activations import ActivationQuery
from services.licensing.repository.keys import KeyQuery, Within
from services.licensing.types.assignment import KeyAssignment
from services.licensing.types.permissions import KeyPermissions, permissions
from services.licensing.types.reference import Contract, User
from services.licensing.types.registration import Registration, RegistrationConnection
from services.licensing.types.tracking import KeyReference

if TYPE_CHECKING:
    from services.licensing.types.account import Account
    from services.licensing.types.activation import ActivationConnection
    from services.licensing.types.deployment import Deployment
    from services.licensing.types.group import KeyGroup

PREFIX = "key"

#: Who reads any keys at all, and who reads more than their own.
KEY_READERS = any_of(Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP, Capability.KEY_READ_OWN)
GROUP_READERS = any_of(Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP)
_ACTIVATION_READERS = any_of(Capability.ACTIVATION_READ)


@strawberry.federation.type(keys=["id"], directives=[KEY_READERS])
class ProductKey(Node):
    """One key; its characters are returned by `revealKey` alone."""

    masked_key: str
    product: KeyProduct
    edition: str | None
    seats: int | None
    state: KeyState
    visible_from: date | None
    starts_on: date
    expires_on: date | None
    maintenance_ends_on: date | None
    owner: User | None
    assignment: KeyAssignment | None
    version: int
    row: strawberry.Private[models.ProductKey]

    @strawberry.field
    def account(self) -> Annotated["Account", strawberry.lazy("services.licensing.types.account")]:
        """Whose key it is."""
        from services.licensing.types.account import Account  # which imports this module

        return Account.of(self.row.account_id)

    @strawberry.field(directives=[GROUP_READERS])
    def contract(self, info: Info) -> Contract | None:
        """What it was bought under; for those who read more than their own keys."""
        id = self.row.contract_id
        readers = (Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP)
        if id is None or not any(self._grants(info, reader) for reader in readers):
            return None
        return Contract.of(id)

    @strawberry.field(directives=[_ACTIVATION_READERS])
    async def last_registration(self, info: Info) -> Registration | None:
        """The latest registration."""
        id = self.row.last_registration_id
        row = await info.context.loaders.registration.load(id) if id is not None else None
        return Registration.of(row) if row is not None else None

    @strawberry.field(directives=[_ACTIVATION_READERS])
    async def registrations(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> RegistrationConnection | None:
        """All registrations, latest first."""
        if not self._grants(info, Capability.ACTIVATION_READ):
            return None
        loaders = info.context.loaders
        request = page_request(info, "registrations", first, after)
        page = await loaders.registrations_of.load(Of(self.row.id, request))
        count = partial(loaders.registration_count_of.load, self.row.id)
        return RegistrationConnection.of(page, Registration.of, count)

    @strawberry.field(directives=[_ACTIVATION_READERS])
    async def activations(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> (
        Annotated["ActivationConnection", strawberry.lazy("services.licensing.types.activation")]
        | None
    ):
        """Where the key was activated, latest first."""
        from services.licensing.types.activation import activations_page  # imports this module

        if not self._grants(info, Capability.ACTIVATION_READ):
            return None
        return await activations_page(
            info, self.row.id, ActivationQuery(of_keys=True), first, after
        )

    @strawberry.field(directives=[_ACTIVATION_READERS])
    def activations_used(self, info: Info) -> int | None:
        """How many installations hold an activation of the key."""
        granted = self._grants(info, Capability.ACTIVATION_READ)
        return self.row.activations_used if granted else None

    @strawberry.field(directives=[_ACTIVATION_READERS])
    def activations_allowed(self, info: Info) -> int | None:
        """How many may."""
        granted = self._grants(info, Capability.ACTIVATION_READ)
        return self.row.activations_allowed if granted else None

    @strawberry.field
    async def group(
        self, info: Info
    ) -> Annotated["KeyGroup", strawberry.lazy("services.licensing.types.group")] | None:
        """The group in which it is managed."""
        from services.licensing.types.group import KeyGroup  # which imports this module

        id = self.row.group_id
        row = await info.context.loaders.group.load(id) if id is not None else None
        return KeyGroup.of(row) if row is not None else None

    @strawberry.field
    async def deployment(
        self, info: Info
    ) -> Annotated["Deployment", strawberry.lazy("services.licensing.types.deployment")] | None:
        """Where it is used."""
        from services.licensing.types.deployment import Deployment  # which imports this module

        id = self.row.deployment_id
        row = await info.context.loaders.deployment.load(id) if id is not None else None
        return Deployment.of(row) if row is not None else None

    @strawberry.field
    def reference(self, info: Info) -> KeyReference:
        """The customer's own tracking data."""
        granted = self._grants(info, Capability.KEY_REFERENCE_READ)
        return KeyReference.of(self.row) if granted else KeyReference()

    @strawberry.field
    async def viewer_can(self, info: Info) -> KeyPermissions:
        """What the caller may do to the key as it is now."""
        return await permissions(info, self.row)

    def _grants(self, info: Info, capability: Capability) -> bool:
        return info.context.principal.holds(capability, self.row.account_id)

    @classmethod
    def of(cls, row: models.ProductKey) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            masked_key=row.masked,
            product=row.product,
            edition=row.edition,
            seats=row.seats,
            state=row.state_on(datetime.now(UTC).date()),
            visible_from=row.visible_from,
            starts_on=row.starts_on,
            expires_on=row.expires_on,
            maintenance_ends_on=row.maintenance_ends_on,
            owner=User.of(row.owner_id),
            assignment=KeyAssignment.of(row),
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.key, cls.of)


@strawberry.type
class ProductKeyConnection(Connection[ProductKey]):
    """A page of keys."""


async def keys_page(
    info: Info, query: KeyQuery, first: int | None, after: str | None
) -> ProductKeyConnection:
    """A page of all keys that the caller sees."""
    loaders = info.context.loaders
    page = await loaders.keys(query, page_request(info, f"keys:{query}", first, after))
    return ProductKeyConnection.of(page, ProductKey.of, partial(loaders.key_count, query))


async def keys_page_of(
    info: Info,
    within: Within,
    parent_id: UUID,
    query: KeyQuery,
    first: int | None,
    after: str | None,
) -> ProductKeyConnection:
    """A page of the keys of an account, a group or a deployment."""
    loaders = info.context.loaders
    request = page_request(info, f"keys:{within}:{query}", first, after)
    page = await loaders.keys_of.load(Of(parent_id, Paged((within, query), request)))
    count = partial(loaders.key_count_of.load, Of(parent_id, (within, query)))
    return ProductKeyConnection.of(page, ProductKey.of, count)
