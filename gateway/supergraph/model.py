"""The supergraph as the gateway reads it: plain, frozen, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from graphql import GraphQLSchema, OperationType


class Kind(Enum):
    """What a type is in one subgraph."""

    OBJECT = auto()
    INTERFACE = auto()
    UNION = auto()
    LEAF = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """An entity key: a field set, and whether the subgraph may be entered by it."""

    fields: str
    resolvable: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A progressive @override: the field is here while the label is active, or while it is not."""

    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that the gateway fills in, not the client (@fromContext).

    `type` is the argument's in its subgraph. The value is what `selection`, a field set, selects
    of the nearest object above that sets `context`. https://specs.apollo.dev/context/v0.1.
    """

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class SubgraphField:
    """A field as one subgraph has it.

    `signature` is its type there, for instance `[Product!]!`; `type` the named type in it.
    `external` fields are not answered there, unless on the path of a @provides. `requires` and
    `provides` are field sets; `contexts` are the arguments that clients do not give.
    """

    name: str
    type: str
    signature: str
    external: bool = False
    requires: str | None = None
    provides: str | None = None
    label: Label | None = None
    contexts: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class SubgraphType:
    """A type as one subgraph has it.

    `possible` are the object types that a value of it may have there, itself for an object.
    `interface_object` marks an interface that the subgraph declares as an object type
    (@interfaceObject): it does not know the runtime types.
    """

    name: str
    kind: Kind
    fields: Mapping[str, SubgraphField]
    keys: tuple[Key, ...]
    possible: frozenset[str]
    interface_object: bool = False


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One service, and its part of the schema."""

    name: str
    url: str
    types: Mapping[str, SubgraphType]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a caller must be to see something.

    `scopes` and `policies` are alternatives of things that must all be held; empty means no
    such demand. https://specs.apollo.dev/requiresScopes/v0.1, /policy/v0.1, /authenticated/v0.1.
    """

    authenticated: bool = False
    scopes: tuple[frozenset[str], ...] = ()
    policies: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Supergraph:
    """`schema` holds everything, `api_schema` what clients see, without what is @inaccessible.

    `rules` are by schema coordinate: `Account`, `Account.name`. `contexts` tells by context's name
    the types that set it: objects, and interfaces and unions that set it for what they stand for.
    `tags` are by coordinate too, those of arguments (`Query.account(id:)`) and values among them.
    """

    schema: GraphQLSchema
    api_schema: GraphQLSchema
    subgraphs: Mapping[str, Subgraph]
    roots: Mapping[OperationType, str]
    rules: Mapping[str, Rule]
    contexts: Mapping[str, frozenset[str]]
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
