"""The caller."""

from typing import Self

import strawberry

from kit.subgraph.entities import Key
from kit.subgraph.viewer import caller_alone
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
        return caller_alone(cls, info.context.principal, keys)
