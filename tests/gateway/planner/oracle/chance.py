"""Valid operations made by chance: fields, arguments, aliases, fragments and conditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)

_DEEPEST: Final = 5
_WIDEST: Final = 4
_MOST_ROOTS: Final = 2
_CONDITIONS: Final = ("one", "two")


def operations_by_chance(
    schema: GraphQLSchema, chance: Random, number: int
) -> dict[str, DocumentNode]:
    """As many valid operations, each different, by name."""
    author = _Author(schema, chance)
    texts: dict[str, DocumentNode] = {}
    while len(texts) < number:
        text = author.operation(_kind(schema, chance))
        document = parse(text, no_location=True)
        if not validate(schema, document):
            texts.setdefault(text, document)
    return {f"Chance{n}": document for n, document in enumerate(texts.values(), start=1)}


def _kind(schema: GraphQLSchema, chance: Random) -> OperationType:
    is_mutation = schema.mutation_type is not None and chance.random() < 0.2
    return OperationType.MUTATION if is_mutation else OperationType.QUERY


@dataclass(slots=True)
class _Author:
    """Writes operations."""

    schema: GraphQLSchema
    chance: Random

    def operation(self, kind: OperationType) -> str:
        root = self.schema.get_root_type(kind)
        assert root is not None
        # Of several mutations, Hive begins the next before the former's value is complete.
        number = 1 if kind is OperationType.MUTATION else self.chance.randint(1, _MOST_ROOTS)
        body = f"{{ {' '.join(self._fields(root, _DEEPEST, number))} }}"
        used = [f"${each}: Boolean!" for each in _CONDITIONS if f"${each}" in body]
        variables = f"({', '.join(used)})" if used else ""
        return f"{kind.value}{variables} {body}"

    def _selection_set(self, type: GraphQLNamedType, depth: int) -> str:
        number = self.chance.randint(0, _WIDEST)
        parts = [*self._fields(type, depth, number), *self._fragments(type, depth)]
        if not parts or self.chance.random() < 0.15:
            parts.append("__typename")
        self.chance.shuffle(parts)
        return f"{{ {' '.join(parts)} }}"

    def _fields(self, type: GraphQLNamedType, depth: int, number: int) -> Iterator[str]:
        if not isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            return
        possible = [
            (name, field)
            for name, field in type.fields.items()
            if depth > 1 or is_leaf_type(get_named_type(field.type))
        ]
        for name, field in self.chance.sample(possible, min(len(possible), number)):
            yield self._field(name, field, depth)

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        alias = f"{self.chance.choice('xy')}: " if self.chance.random() < 0.1 else ""
        named = get_named_type(field.type)
        below = f" {self._selection_set(named, depth - 1)}" if is_composite_type(named) else ""
        condition = self._condition() if depth < _DEEPEST else ""
        return f"{alias}{name}{self._arguments(field)}{condition}{below}"

    def _fragments(self, type: GraphQLNamedType, depth: int) -> Iterator[str]:
        if depth == 0:
            return
        likelihood = 0.5 if is_abstract_type(type) else 0.05
        for other in self._overlapping(type):
            if self.chance.random() < likelihood:
                condition = self._condition()
                yield f"... on {other.name}{condition} {self._selection_set(other, depth - 1)}"

    def _overlapping(self, type: GraphQLNamedType) -> list[GraphQLNamedType]:
        possible = self._possible(type)
        return [
            other
            for other in self.schema.type_map.values()
            if is_composite_type(other) and other is not type and possible & self._possible(other)
        ]

    def _possible(self, type: GraphQLNamedType) -> set[str]:
        if is_abstract_type(type):
            return {each.name for each in self.schema.get_possible_types(type)}
        return {type.name}

    def _condition(self) -> str:
        if self.chance.random() > 0.04:
            return ""
        directive = self.chance.choice(("include", "skip"))
        return f" @{directive}(if: ${self.chance.choice(_CONDITIONS)})"

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._value(argument.type)}"
            for name, argument in field.args.items()
            if is_required_argument(argument) or self.chance.random() < 0.3
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, type: GraphQLInputType) -> str:
        match type:
            case GraphQLNonNull():
                return self._value(type.of_type)
            case GraphQLList():
                return f"[{self._value(type.of_type)}]"
            case GraphQLEnumType():
                return str(self.chance.choice(sorted(type.values)))
            case GraphQLInputObjectType():
                fields = [
                    f"{name}: {self._value(field.type)}"
                    for name, field in type.fields.items()
                    if is_required_input_field(field)
                ]
                return f"{{{', '.join(fields)}}}"
            case _:
                return self._scalar(type.name)

    def _scalar(self, name: str) -> str:
        match name:
            case "Int":
                return str(self.chance.randint(1, 3))
            case "Float":
                return f"{self.chance.randint(1, 3)}.5"
            case "Boolean":
                return self.chance.choice(("true", "false"))
            case _:
                return f'"{self.chance.randint(1, 3)}"'
