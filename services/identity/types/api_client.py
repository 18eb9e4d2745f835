"""Machine clients."""

from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.rules import AUTHENTICATED
from services.identity import models
from services.identity.context import Info

_PREFIX = "cli"


@strawberry.federation.type(keys=["id"], directives=[AUTHENTICATED])
class ApiClient(Node):
    """A program that acts in one account. Its secret was shown once."""

    name: str
    scopes: list[Capability]
    last_used_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, row: models.ApiClient) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            name=row.name,
            scopes=sorted(row.scopes),
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(_PREFIX, keys), info.context.loaders.api_client, cls.of)
