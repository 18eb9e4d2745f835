"""Groups of keys."""

from typing import Self

import strawberry

from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from services.licensing import models
from services.licensing.context import Info
from services.licensing.repository.keys import KeyQuery, Within
from services.licensing.types.key import (
    GROUP_READERS,
    ProductKeyConnection,
    keys_page_of,
)
from services.licensing.types.membership import Membership

PREFIX = "grp"


@strawberry.federation.type(keys=["id"], directives=[GROUP_READERS])
class KeyGroup(Node):
    """Keys of one account that are managed together."""

    name: str
    version: int
    row: strawberry.Private[models.KeyGroup]

    @strawberry.field
    async def keys(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> ProductKeyConnection | None:
        """Its keys, newest first."""
        return await keys_page_of(info, Within.GROUP, self.row.id, KeyQuery(), first, after)

    @strawberry.field
    async def managers(self, info: Info) -> list[Membership] | None:
        """Its managers, as far as the caller may know the account's members."""
        ids = await info.context.loaders.managers_of.load(self.row.id)
        return [Membership.of(id) for id in ids]

    @classmethod
    def of(cls, row: models.KeyGroup) -> Self:
        """From its row."""
        id = strawberry.ID(to_global(PREFIX, row.id))
        return cls(id=id, name=row.name, version=row.version, row=row)

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.group, cls.of)


@strawberry.type
class KeyGroupConnection(Connection[KeyGroup]):
    """A page of groups."""
