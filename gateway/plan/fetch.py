"""Requests to subgraphs."""

from dataclasses import dataclass

from graphql import OperationType

from gateway.plan.path import Path
from gateway.plan.representation import Representation


@dataclass(frozen=True, slots=True)
class Rename:
    """`path` leads to objects in the subgraph's answer; their `key` becomes `name`.

    Needed where a client may use one response key for two types that the subgraph's own schema
    does not allow to be merged (GraphQL 5.3.2).
    """

    path: Path
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Entities:
    """One `_entities` field of a request: which objects to extend, and how they are named.

    `alias` is its response key, `variable` the variable of its representations. The objects at
    all `paths` share one list: equal representations are sent once. `keys` are the response keys
    that the answer brings to an object, `renames` start at an entity.
    """

    alias: str
    variable: str
    paths: tuple[Path, ...]
    representations: tuple[Representation, ...]
    keys: frozenset[str]
    renames: tuple[Rename, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request.

    Without `entities` it asks for root fields, by `keys`; they are merged into the objects at
    `paths`, where `renames` start: the root, or where a field returned the Query type. `variables` are those of the client that the document uses. The request is sent
    when the answers of `depends_on` are merged.
    """

    id: int
    subgraph: str
    kind: OperationType
    document: str
    operation_name: str | None
    variables: tuple[str, ...]
    keys: frozenset[str] = frozenset()
    paths: tuple[Path, ...] = ((),)
    entities: tuple[Entities, ...] = ()
    renames: tuple[Rename, ...] = ()
    depends_on: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """The fetches in an order in which each follows what it depends on.

    A mutation's root fetches depend on each other in the order of the document.
    """

    kind: OperationType
    fetches: tuple[Fetch, ...]
