"""The gateway's own subgraph, executed in process: what the verified credential already answers."""

from dataclasses import dataclass
from typing import Any, Final

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.contract import Capability, PrincipalKind
from kit.ids import from_global, prefix_of
from kit.principal import Principal
from kit.subgraph.node import Node
from kit.subgraph.rules import AUTHENTICATED
from kit.subgraph.schema import Subgraph
from kit.subgraph.viewer import viewer_id

#: Its name in the supergraph.
NAME: Final = "viewer"


@dataclass(frozen=True, slots=True)
class Context:
    """The caller; None for a request without credentials."""

    principal: Principal | None


Info = strawberry.Info[Context, None]


@strawberry.federation.type(keys=["id"])
class Viewer:
    """The caller: a portal user, vendor staff, or a machine client."""

    id: strawberry.ID
    kind: PrincipalKind
    principal: strawberry.Private[Principal]

    @strawberry.field
    def capabilities(self, account_id: strawberry.ID | None = None) -> list[Capability]:
        """What the caller may do in an account; without one, what it may do in any."""
        everywhere = self.principal.everywhere
        if account_id is None:
            return sorted(everywhere.union(*self.principal.accounts.values()))
        account = from_global("acc", account_id)
        held = self.principal.accounts.get(account) if account is not None else None
        return sorted(everywhere | (held or frozenset()))

    @classmethod
    def of(cls, principal: Principal) -> "Viewer":
        """The caller as a node."""
        return cls(id=viewer_id(principal), kind=principal.kind, principal=principal)


def _stub(name: str) -> Any:
    """A type of another subgraph, of which nothing is known here but its id."""
    stub = type(name, (Node,), {"__annotations__": {}})
    return strawberry.federation.type(stub, keys=[Key(fields=FieldSet("id"), resolvable=False)])


_NODES: Final = {
    "acc": _stub("Account"),
    "user": _stub("User"),
    "mem": _stub("Membership"),
    "case": _stub("Case"),
    "key": _stub("ProductKey"),
    "grp": _stub("KeyGroup"),
    "dep": _stub("Deployment"),
    "inv": _stub("Invoice"),
    "pay": _stub("Payment"),
    "ctr": _stub("Contract"),
}


@strawberry.type
class Query:
    """The fields that no service is asked for."""

    @strawberry.field
    def me(self, info: Info) -> Viewer | None:
        """The caller, straight from the verified credential: no service is asked for it."""
        principal = info.context.principal
        return Viewer.of(principal) if principal is not None else None

    @strawberry.field(directives=[AUTHENTICATED])
    def node(self, id: strawberry.ID) -> Node | None:
        """Any entity by its global id; the id's prefix says which type it is."""
        prefix = prefix_of(id)
        if prefix not in _NODES or from_global(prefix, id) is None:
            return None
        node: Node = _NODES[prefix](id=id)
        return node


schema: Final = Subgraph(Query, types=_NODES.values())
