"""Activations."""

from datetime import UTC, datetime
from functools import partial
from typing import Self
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
from services.licensing.models import ActivationMethod, ActivationState, KeyProduct
from services.licensing.repository.activations import ActivationQuery
from services.licensing.types.key import ProductKey

PREFIX = "act"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.ACTIVATION_READ)])
class Activation(Node):
    """One installation.

    Name, e-mail address and version are blank when nobody registered it: offline, scripted, by
    login.
    """

    fulfilment_id: str | None
    product: KeyProduct
    method: ActivationMethod
    name: str | None
    email: str | None
    version: str | None
    host: str | None
    state: ActivationState
    activated_at: datetime
    last_seen_at: datetime | None
    lease_ends_at: datetime | None
    row: strawberry.Private[models.Activation]

    @strawberry.field
    async def key(self, info: Info) -> ProductKey | None:
        """What it was activated with; None by login."""
        id = self.row.key_id
        row = await info.context.loaders.key.load(id) if id is not None else None
        return ProductKey.of(row) if row is not None else None

    @classmethod
    def of(cls, row: models.Activation) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            fulfilment_id=row.fulfilment_id,
            product=row.product,
            method=row.method,
            name=row.name,
            email=row.email,
            version=row.version,
            host=row.host,
            state=row.state_at(datetime.now(UTC)),
            activated_at=row.activated_at,
            last_seen_at=row.last_seen_at,
            lease_ends_at=row.lease_ends_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.activation, cls.of)


@strawberry.type
class ActivationConnection(Connection[Activation]):
    """A page of activations."""


async def activations_page(
    info: Info, parent_id: UUID, query: ActivationQuery, first: int | None, after: str | None
) -> ActivationConnection:
    """A page of the activations of a key or an account, latest first."""
    loaders = info.context.loaders
    request = page_request(info, f"activations:{query}", first, after)
    page = await loaders.activations_of.load(Of(parent_id, Paged(query, request)))
    count = partial(loaders.activation_count_of.load, Of(parent_id, query))
    return ActivationConnection.of(page, Activation.of, count)
