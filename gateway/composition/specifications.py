"""The specifications whose directives composition understands, and from which version on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Version = tuple[int, int]

HOST: Final = "https://specs.apollo.dev"

#: Names of types that the definitions below speak of.
FIELD_SET: Final = "federation__FieldSet"
SCOPE: Final = "federation__Scope"
POLICY: Final = "federation__Policy"
CONTEXT_FIELD_VALUE: Final = "federation__ContextFieldValue"
ARGUMENT_TYPES: Final = (FIELD_SET, SCOPE, POLICY, CONTEXT_FIELD_VALUE)

#: What federation 1 had without saying so.
FEDERATION_ONE: Final = frozenset(
    {"key", "requires", "provides", "external", "extends", "tag", "inaccessible"}
)

_TYPE_SYSTEM: Final = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM"
    " | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_OUTPUT: Final = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_COST: Final = (
    "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
    " | OBJECT | SCALAR"
)
_LIST_SIZE: Final = (
    "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
    " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
)
_CONTEXT: Final = "(name: String!) repeatable on INTERFACE | OBJECT | UNION"
_FROM_CONTEXT: Final = f"(field: {CONTEXT_FIELD_VALUE}) on ARGUMENT_DEFINITION"


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive of a specification; `definition` is what follows its name, and `before` what
    followed it before a version.
    """

    definition: str
    since: Version
    before: tuple[Version, str] | None = None

    def as_of(self, version: Version) -> str:
        """The definition in that version of the specification."""
        return self.before[1] if self.before and version < self.before[0] else self.definition


@dataclass(frozen=True, slots=True)
class Specification:
    """`latest` is the newest version that is understood; `elements` are its other names."""

    oldest: Version
    latest: Version
    directives: Mapping[str, Directive]
    elements: frozenset[str] = frozenset()

    def understands(self, version: Version) -> bool:
        """Whether a document may link that version."""
        return self.oldest <= version <= self.latest


def _one(name: str, definition: str, since: Version, latest: Version) -> Specification:
    return Specification(since, latest, {name: Directive(definition, since)})


SPECIFICATIONS: Final[Mapping[str, Specification]] = {
    "federation": Specification(
        (2, 0),
        (2, 14),
        {
            "key": Directive(
                f"(fields: {FIELD_SET}!, resolvable: Boolean = true)"
                " repeatable on OBJECT | INTERFACE",
                (2, 0),
            ),
            "requires": Directive(f"(fields: {FIELD_SET}!) on FIELD_DEFINITION", (2, 0)),
            "provides": Directive(f"(fields: {FIELD_SET}!) on FIELD_DEFINITION", (2, 0)),
            "external": Directive("(reason: String) on OBJECT | FIELD_DEFINITION", (2, 0)),
            "extends": Directive(" on OBJECT | INTERFACE", (2, 0)),
            "shareable": Directive(
                " repeatable on OBJECT | FIELD_DEFINITION",
                (2, 0),
                ((2, 2), " on OBJECT | FIELD_DEFINITION"),
            ),
            "override": Directive(
                "(from: String!, label: String) on FIELD_DEFINITION",
                (2, 0),
                ((2, 7), "(from: String!) on FIELD_DEFINITION"),
            ),
            "tag": Directive(
                f"(name: String!) repeatable on {_TYPE_SYSTEM} | SCHEMA",
                (2, 0),
                ((2, 3), f"(name: String!) repeatable on {_TYPE_SYSTEM}"),
            ),
            "inaccessible": Directive(f" on {_TYPE_SYSTEM}", (2, 0)),
            "composeDirective": Directive("(name: String) repeatable on SCHEMA", (2, 1)),
            "interfaceObject": Directive(" on OBJECT", (2, 3)),
            "authenticated": Directive(f" on {_OUTPUT}", (2, 5)),
            "requiresScopes": Directive(f"(scopes: [[{SCOPE}!]!]!) on {_OUTPUT}", (2, 5)),
            "policy": Directive(f"(policies: [[{POLICY}!]!]!) on {_OUTPUT}", (2, 6)),
            "context": Directive(_CONTEXT, (2, 8)),
            "fromContext": Directive(_FROM_CONTEXT, (2, 8)),
            "cost": Directive(_COST, (2, 9)),
            "listSize": Directive(_LIST_SIZE, (2, 9)),
            "cacheTag": Directive(
                "(format: String!) repeatable on OBJECT | FIELD_DEFINITION", (2, 12)
            ),
        },
        frozenset({"FieldSet", "Scope", "Policy", "ContextFieldValue"}),
    ),
    "link": Specification((1, 0), (1, 0), {}, frozenset({"Import", "Purpose"})),
    "tag": _one("tag", f"(name: String!) repeatable on {_TYPE_SYSTEM} | SCHEMA", (0, 1), (0, 3)),
    "inaccessible": _one("inaccessible", f" on {_TYPE_SYSTEM}", (0, 1), (0, 2)),
    "authenticated": _one("authenticated", f" on {_OUTPUT}", (0, 1), (0, 1)),
    "requiresScopes": _one(
        "requiresScopes", f"(scopes: [[{SCOPE}!]!]!) on {_OUTPUT}", (0, 1), (0, 1)
    ),
    "cost": Specification(
        (0, 1),
        (0, 1),
        {"cost": Directive(_COST, (0, 1)), "listSize": Directive(_LIST_SIZE, (0, 1))},
    ),
    "context": Specification(
        (0, 1),
        (0, 1),
        {
            "context": Directive(_CONTEXT, (0, 1)),
            "fromContext": Directive(_FROM_CONTEXT, (0, 1)),
        },
        frozenset({"ContextFieldValue"}),
    ),
    "policy": _one("policy", f"(policies: [[{POLICY}!]!]!) on {_OUTPUT}", (0, 1), (0, 1)),
}

#: Directives of GraphQL itself that say something of a schema's element.
BUILT_IN: Final = frozenset({"deprecated", "specifiedBy", "oneOf"})

#: Directives that demand something of who asks.
DEMANDS: Final = ("authenticated", "requiresScopes", "policy")
