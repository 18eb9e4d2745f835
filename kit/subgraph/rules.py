"""Directives on who may see what, written with capabilities instead of scope names."""

from collections.abc import Collection
from typing import Final

from strawberry.federation.schema_directives import Authenticated, RequiresScopes, Tag

from kit.contract import Capability

#: Any signed-in caller.
AUTHENTICATED: Final = Authenticated()

#: What the vendor's own people work with: the schema that others are shown has none of it.
INTERNAL: Final = Tag(name="internal")


def any_of(*capabilities: Capability) -> RequiresScopes:
    """`@requiresScopes` for callers who hold one of these somewhere. Row rules decide where."""
    return any_of_all(*([capability] for capability in capabilities))


def any_of_all(*alternatives: Collection[Capability]) -> RequiresScopes:
    """`@requiresScopes` for callers who hold all of one of these."""
    return RequiresScopes(
        scopes=[[capability.scope for capability in each] for each in alternatives]
    )
