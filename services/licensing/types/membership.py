"""What licensing knows about a member."""

from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

from kit.ids import from_global, to_global
from kit.subgraph.entities import Key
from kit.subgraph.node import ids_of
from kit.subgraph.rules import AUTHENTICATED
from services.licensing.context import Info
from services.licensing.types.key import GROUP_READERS

if TYPE_CHECKING:
    from services.licensing.types.group import KeyGroup

_PREFIX = "mem"


@strawberry.federation.type(keys=["id"], extend=True, directives=[AUTHENTICATED])
class Membership:
    """Identity's type: licensing adds the groups that the member manages."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[GROUP_READERS])
    async def key_groups(
        self, info: Info
    ) -> list[Annotated["KeyGroup", strawberry.lazy("services.licensing.types.group")]] | None:
        """The groups that the member manages, by name, as far as the caller sees them."""
        from services.licensing.types.group import KeyGroup  # which imports this module

        id = from_global(_PREFIX, self.id)
        rows = await info.context.loaders.groups_managed_by.load(id) if id is not None else ()
        return [KeyGroup.of(row) for row in rows]

    @classmethod
    def of(cls, id: UUID) -> Self:
        """The member with this id."""
        return cls(id=strawberry.ID(to_global(_PREFIX, id)))

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Every id of a member: what they manage is another question."""
        return [cls.of(id) if id is not None else None for id in ids_of(_PREFIX, keys)]
