"""Requests to subgraphs."""

from dataclasses import dataclass

from graphql import OperationType

from gateway.operation.model import Part
from gateway.plan.path import Path
from gateway.plan.representation import Representation, Requirement


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
class Origin:
    """Objects further up that hold a value for what is below them.

    They are found after `depth` segments of the path; objects of other than these `types`, if
    there are any, do not count. `fields` lead to the value.
    """

    depth: int
    types: frozenset[str]
    fields: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """A variable whose value depends on the object: the first of `origins` that counts has it."""

    variable: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """The response keys `keys` are of fields that @require these things."""

    requirements: frozenset[Requirement]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entities:
    """One `_entities` field of a request: which objects to extend, and how they are named.

    `alias` is its response key, `variable` the variable of its representations. The objects at
    all `paths` share one list: equal representations are sent once. `keys` are the response keys
    that the answer brings to an object, `renames` start at an entity. Objects with different
    values of the `contexts` are asked for by fields of their own, and so are those for which
    something that the `demands` name could not be had.
    """

    alias: str
    variable: str
    paths: tuple[Path, ...]
    representations: tuple[Representation, ...]
    keys: frozenset[str]
    renames: tuple[Rename, ...] = ()
    contexts: tuple[Context, ...] = ()
    demands: tuple[Demand, ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """The variables that are this field's own."""
        return frozenset({self.variable, *(context.variable for context in self.contexts)})

    def dependent_on(self, requirement: Requirement) -> frozenset[str]:
        """The response keys that cannot be had without it; none for what names the object."""
        keys = (each.keys for each in self.demands if requirement in each.requirements)
        return frozenset[str]().union(*keys)

    def sent(self, keys: frozenset[str]) -> frozenset[str]:
        """The response keys under which the request asks for these."""
        renamed = {each.key for each in self.renames if each.name in keys and len(each.path) < 2}
        return keys | renamed


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request.

    Without `entities` it asks for root fields, by `keys`; they are merged into the objects at
    `paths`, where `renames` start: the root, or where a field returned the Query type.
    `variables` are those of the client that the document uses. The request is sent when the
    answers of `depends_on` are merged; `part` of the answer waits for it. When a mutation has
    nothing under one of the `vital` keys, there is no answer, and no further mutation is sent.
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
    part: int = 0
    vital: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """The fetches in an order in which each follows what it depends on.

    A mutation's root fetches depend on each other in the order of the document. A subscription's
    first fetch is the subscription; the others run for each of its events. `parts` are those
    that are delivered later (@defer).
    """

    kind: OperationType
    fetches: tuple[Fetch, ...]
    parts: tuple[Part, ...] = ()
