"""Operations made by chance over a schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from tests.fuzz.inputs import Inputs

_DEEPEST: Final = 5
_MOST_FIELDS: Final = 40
_VARIANTS: Final = 3
_INTROSPECTION: Final = (
    "__schema { queryType { name } types { name kind } }",
    '__type(name: "Book") { name fields(includeDeprecated: true) { name type { kind name } } }',
    "about: __schema { directives { name locations } }",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client sends. `labels` are those of progressive overrides that are active for it.

    `held` are the caller's scopes; nobody who is known has None.
    """

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    held: frozenset[str] | None = None


def operation(schema: GraphQLSchema, labels: Sequence[str], chance: Random) -> list[Asked]:
    """An operation with several values for its variables.

    It may be invalid where two fields have one response key.
    """
    writer = _Writer(schema, chance, Inputs(chance))
    mutation = schema.mutation_type is not None and chance.random() < 0.25
    root = schema.mutation_type if mutation else schema.query_type
    assert root is not None
    body = writer.selection(root, _DEEPEST)
    head = "mutation" if mutation else "query"
    if chance.random() < 0.3:
        head += " Asked"
    if writer.inputs.definitions:
        head += f"({', '.join(writer.inputs.definitions)})"
    text = "\n".join([f"{head} {body}", *writer.fragments.values()])
    return [
        Asked(
            text,
            writer.inputs.values(),
            frozenset(each for each in labels if chance.random() < 0.5),
        )
        for _ in range(_VARIANTS if writer.inputs.definitions or labels else 1)
    ]


@dataclass(slots=True)
class _Writer:
    schema: GraphQLSchema
    chance: Random
    inputs: Inputs
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)
    left: int = _MOST_FIELDS

    def odds(self, likely: float) -> bool:
        return self.chance.random() < likely

    def selection(self, type: GraphQLNamedType, depth: int) -> str:
        """A selection set in braces."""
        parts = []
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            parts += self._fields(type, depth)
        for each in self._fragment_types(type):
            parts.append(self._fragment(each, depth))
        if not parts or self.odds(0.2):
            parts.append(self.chance.choice(("__typename", "__typename", "type: __typename")))
        if type is self.schema.query_type and depth == _DEEPEST and self.odds(0.04):
            parts.append(self.chance.choice(_INTROSPECTION))
        self.chance.shuffle(parts)
        return f"{{ {' '.join(parts)} }}"

    def _fields(self, type: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> list[str]:
        fields = [
            (name, each)
            for name, each in type.fields.items()
            if depth > 1 or not is_composite_type(get_named_type(each.type))
        ]
        is_root = type is self.schema.query_type or type is self.schema.mutation_type
        most = min(len(fields), 3 if is_root else 5)
        chosen = self.chance.sample(fields, self.chance.randint(min(1, most), most))
        if chosen and self.odds(0.1):
            chosen.append(self.chance.choice(chosen))
        return [self._field(name, each, depth) for name, each in chosen if self._afford()]

    def _afford(self) -> bool:
        self.left -= 1
        return self.left >= 0

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        given = [
            f"{key}: {self.inputs.value(each.type)}"
            for key, each in field.args.items()
            if (isinstance(each.type, GraphQLNonNull) and each.default is None) or self.odds(0.6)
        ]
        arguments = f"({', '.join(given)})" if given else ""
        named = get_named_type(field.type)
        below = f" {self.selection(named, depth - 1)}" if is_composite_type(named) else ""
        alias = ""
        if self.odds(0.75 if given else 0.12):
            alias = f"{self.chance.choice('xyz')}{self.chance.choice(('', *range(1, 30)))}: "
        return f"{alias}{name}{arguments}{self._condition()}{below}"

    def _fragment_types(self, type: GraphQLNamedType) -> list[GraphQLNamedType]:
        """What fragments may be on here: the types a value may have, what they are too, itself."""
        if not is_abstract_type(type):
            interfaces = list(getattr(type, "interfaces", ()))
            return [each for each in (type, *interfaces) if self.odds(0.1)]
        possible = list(self.schema.get_possible_types(type))
        wider = {
            each.name: each
            for each in self.schema.type_map.values()
            if is_abstract_type(each)
            and any(self.schema.is_sub_type(each, one) for one in possible)
        }
        return [each for each in possible if self.odds(0.6)] + [
            each for each in wider.values() if self.odds(0.12)
        ]

    def _fragment(self, type: GraphQLNamedType, depth: int) -> str:
        condition = self._condition()
        known = [name for on, name in self.fragments if on == type.name]
        if known and self.odds(0.4):
            return f"...{self.chance.choice(known)}{condition}"
        body = self.selection(type, depth - 1 if depth > 1 else 1)
        if self.odds(0.25):
            name = f"F{len(self.fragments)}"
            self.fragments[type.name, name] = f"fragment {name} on {type.name} {body}"
            return f"...{name}{condition}"
        return f"... on {type.name}{condition} {body}"

    def _condition(self) -> str:
        text = ""
        for directive in ("skip", "include"):
            if self.odds(0.06):
                text += f" @{directive}(if: {self.inputs.condition()})"
        return text
