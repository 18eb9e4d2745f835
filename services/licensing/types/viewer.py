"""The caller."""

from typing import Self

import strawberry

from kit.contract import PrincipalKind
from kit.ids import to_global
from kit.principal import Principal
from kit.subgraph.entities import Key
from services.licensing.context import Info
from services.licensing.inputs import key_query
from services.licensing.repository.keys import KeyView
from services.licensing.types.key import KEY_READERS, ProductKeyConnection, keys_page


@strawberry.federation.type(keys=["id"], extend=True)
class Viewer:
    """The gateway's type: the keys that the caller sees."""

    id: strawberry.ID = strawberry.federation.field(external=True)

    @strawberry.field(directives=[KEY_READERS])
    async def product_keys(
        self,
        info: Info,
        view: KeyView | None = KeyView.ALL,
        first: int | None = 20,
        after: str | None = None,
    ) -> ProductKeyConnection | None:
        """The keys that the caller sees in any account, newest first."""
        query = key_query(view, None, None, info.context.vault)
        return await keys_page(info, query, first, after)

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """Nobody but the caller."""
        own = _global_id(info.context.principal)
        return [cls(id=own) if key.get("id") == own else None for key in keys]


def _global_id(principal: Principal) -> strawberry.ID:
    prefix = "cli" if principal.kind is PrincipalKind.MACHINE else "user"
    return strawberry.ID(to_global(prefix, principal.id))
