"""The caller as an entity: the gateway owns the type, services add to it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from kit.contract import PrincipalKind
from kit.ids import to_global
from kit.principal import Principal
from kit.subgraph.entities import Key

V = TypeVar("V")


def viewer_id(principal: Principal) -> strawberry.ID:
    """The caller's global id: a person's, or a machine client's."""
    prefix = "cli" if principal.kind is PrincipalKind.MACHINE else "user"
    return strawberry.ID(to_global(prefix, principal.id))


def caller_alone(
    make: Callable[..., V], principal: Principal, keys: Sequence[Key]
) -> list[V | None]:
    """The caller behind references to a viewer: nobody is somebody else's."""
    own = viewer_id(principal)
    return [make(id=own) if key.get("id") == own else None for key in keys]
