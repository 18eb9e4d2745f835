"""Machine clients."""

from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Info
from services.identity.types.user import User

PREFIX = "cli"


@strawberry.federation.type(keys=["id"], directives=[any_of(Capability.API_CLIENT_MANAGE)])
class ApiClient(Node):
    """A program that acts in one account. Its secret was shown once.

    It may do what `scopes` say and its creator may do as well: who created it loses rights in the
    account, so does it.
    """

    name: str
    scopes: list[Capability]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None
    row: strawberry.Private[models.ApiClient]

    @strawberry.field
    async def created_by(self, info: Info) -> User | None:
        """Whose rights it cannot exceed."""
        if self.row.created_by_id is None:
            return None
        row = await info.context.loaders.user.load(self.row.created_by_id)
        return User.of(row) if row is not None else None

    @classmethod
    def of(cls, row: models.ApiClient) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            name=row.name,
            scopes=sorted(row.scopes),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.api_client, cls.of)


@strawberry.type
class ApiClientConnection(Connection[ApiClient]):
    """A page of machine clients."""


@strawberry.type
class ApiClientPayload:
    """`secret` is returned once, here, and never again: not when the same key is used again."""

    client: ApiClient | None = None
    secret: str | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)
