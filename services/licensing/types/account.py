"""What licensing knows about an account."""

from datetime import datetime
from functools import partial
from typing import Self
from uuid import UUID

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.batching import Of
from kit.subgraph.entities import Key
from kit.subgraph.node import ids_of
from kit.subgraph.paging import page_request
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.licensing.context import Info
from services.licensing.inputs import KeyFilter, KeyOrder, key_query, products_named
from services.licensing.repository.activations import ActivationQuery
from services.licensing.repository.keys import KeyView, Within
from services.licensing.types.activation import ActivationConnection, activations_page
from services.licensing.types.deployment import (
    DEPLOYMENT_READERS,
    Deployment,
    DeploymentConnection,
)
from services.licensing.types.group import KeyGroup, KeyGroupConnection
from services.licensing.types.key import (
    GROUP_READERS,
    KEY_READERS,
    ProductKeyConnection,
    keys_page_of,
)

PREFIX = "acc"


@strawberry.federation.type(keys=["id"], extend=True, directives=[AUTHENTICATED])
class Account:
    """Identity's type. All that licensing adds needs a right in this very account."""

    id: strawberry.ID = strawberry.federation.field(external=True)
    uuid: strawberry.Private[UUID]

    @strawberry.field
    async def login_based_licensing(self, info: Info) -> bool | None:
        """Whether people sign in wherever the account uses keys; any member may know."""
        if not info.context.reaches(self.uuid):
            return None
        return await info.context.loaders.login_based.load(self.uuid)

    @strawberry.field(directives=[KEY_READERS])
    async def product_keys(
        self,
        info: Info,
        view: KeyView | None = KeyView.ALL,
        filter: KeyFilter | None = None,
        order_by: KeyOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> ProductKeyConnection | None:
        """Its keys that the caller sees: newest first, or as ordered."""
        readers = (Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP, Capability.KEY_READ_OWN)
        if not self._grants(info, *readers):
            return None
        query = key_query(view, filter, order_by, info.context.vault)
        return await keys_page_of(info, Within.ACCOUNT, self.uuid, query, first, after)

    @strawberry.field(directives=[GROUP_READERS])
    async def key_groups(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> KeyGroupConnection | None:
        """Its groups of keys, by name."""
        if not self._grants(info, Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP):
            return None
        loaders = info.context.loaders
        request = page_request(info, "groups", first, after)
        page = await loaders.groups_of.load(Of(self.uuid, request))
        count = partial(loaders.group_count_of.load, self.uuid)
        return KeyGroupConnection.of(page, KeyGroup.of, count)

    @strawberry.field(directives=[DEPLOYMENT_READERS])
    async def deployments(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> DeploymentConnection | None:
        """Its deployments, by name."""
        if not self._grants(info, Capability.DEPLOYMENT_READ):
            return None
        loaders = info.context.loaders
        request = page_request(info, "deployments", first, after)
        page = await loaders.deployments_of.load(Of(self.uuid, request))
        count = partial(loaders.deployment_count_of.load, self.uuid)
        return DeploymentConnection.of(page, Deployment.of, count)

    @strawberry.field(directives=[any_of(Capability.ACTIVATION_READ)])
    async def activations(
        self,
        info: Info,
        product: str | None = None,
        since: datetime | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> ActivationConnection | None:
        """Its activations, latest first; those activated or seen `since` a moment."""
        if not self._grants(info, Capability.ACTIVATION_READ):
            return None
        query = ActivationQuery(products=products_named(product), since=since)
        return await activations_page(info, self.uuid, query, first, after)

    def _grants(self, info: Info, *capabilities: Capability) -> bool:
        principal = info.context.principal
        return any(principal.holds(capability, self.uuid) for capability in capabilities)

    @classmethod
    def of(cls, id: UUID) -> Self:
        """The account with this id."""
        return cls(id=strawberry.ID(to_global(PREFIX, id)), uuid=id)

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """The accounts that the caller reaches."""
        return [
            cls.of(id) if id is not None and info.context.reaches(id) else None
            for id in ids_of(PREFIX, keys)
        ]
