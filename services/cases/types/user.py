"""People, as far as cases know them."""

from typing import Self
from uuid import UUID

import strawberry

from kit.ids import from_global, to_global
from kit.subgraph.entities import Key
from kit.subgraph.rules import AUTHENTICATED
from services.cases.context import Info
from services.cases.types.rules import READERS

PREFIX = "user"


@strawberry.federation.type(keys=["id"], extend=True, directives=[AUTHENTICATED])
class User:
    """Identity's type."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[READERS])
    async def open_case_count(self, info: Info) -> int | None:
        """How many open cases they have asked for, of those that the caller sees."""
        id = from_global(PREFIX, self.id)
        return await info.context.loaders.open_case_count_of.load(id) if id is not None else None

    @classmethod
    def of(cls, id: UUID) -> Self:
        """By id."""
        return cls(id=strawberry.ID(to_global(PREFIX, id)))

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Whoever identity says there is."""
        texts = (key.get("id") for key in keys)
        return [cls(id=strawberry.ID(text)) if isinstance(text, str) else None for text in texts]
