"""What all subgraphs together say of each field of a supergraph's object types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    NameNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.values import get_argument_values

from tests.support.declarations import (
    Declarations,
    DeclaredField,
    FieldSet,
    below,
    fields_on,
    firmness,
    named,
)


class NoSuchWorld(Exception):
    """No value would be the same for all subgraphs that answer a field."""


@dataclass(frozen=True, slots=True)
class Part:
    """What all subgraphs together say of a field of an object type.

    `firm` tells from the outside in where any of them forbids null. A field is `breakable` when
    it may fail, or be null where null is forbidden, without that costing other fields in one
    request what it does not cost them in one server: a null that rises takes with it what the
    gateway asks of the same object for keys and requirements.
    """

    declared: GraphQLField
    defaults: Mapping[str, Any]
    requires: FieldSet
    firm: tuple[bool, ...]
    steady: bool
    breakable: bool
    choices: tuple[str, ...]


class Parts:
    """The parts of all fields, `by_field`: by object type and name. Raises `NoSuchWorld`.

    `kinds` are the names under which an object type can be spoken of, `entities` the types with
    keys.
    """

    def __init__(self, schema: GraphQLSchema, subgraphs: Mapping[str, Declarations]) -> None:
        self.schema = schema
        self._subgraphs = subgraphs
        self.entities = {
            name for each in subgraphs.values() for name, type in each.items() if type.keys
        }
        self.kinds = {
            name: {name, *(each.name for each in type.interfaces), *self._unions_of(name)}
            for name, type in schema.type_map.items()
            if isinstance(type, GraphQLObjectType)
        }
        self._steady = set(self._pairs(key=True))
        self._required = set(self._pairs(key=False))
        self._inner = self._risen_from({*self._inner_types(), *self._below_mixed()})
        self.by_field = {
            (type.name, name): self._part(type.name, name, each)
            for type in schema.type_map.values()
            if isinstance(type, GraphQLObjectType) and not type.name.startswith("__")
            for name, each in type.fields.items()
        }

    def possible(self, type: str) -> list[str]:
        """The object types of a type's values."""
        declared = self.schema.type_map[type]
        if is_abstract_type(declared):
            return [each.name for each in self.schema.get_possible_types(declared)]
        return [type]

    def _part(self, type: str, name: str, declared: GraphQLField) -> Part:
        sources = [each for _, _, each in self._sources(type, name)]
        shapes = {firmness(each.type) for each in sources}
        [levels] = {len(shape) for shape in shapes}
        firm = tuple(any(shape[level] for shape in shapes) for level in range(levels))
        steady = (type, name) in self._steady
        needed = any(firm) and ((type, name) in self._required or type in self._inner)
        return Part(
            declared=declared,
            defaults=_defaults(declared),
            requires=tuple(each for source in sources for each in source.requires),
            firm=firm,
            steady=steady,
            breakable=len(shapes) == 1 and not steady and not needed,
            choices=self._choices(type, name, declared),
        )

    def _sources(self, type: str, name: str) -> Iterator[tuple[str, str, DeclaredField]]:
        """Every subgraph's own declaration of a field, and the type it stands on there."""
        for subgraph, types in self._subgraphs.items():
            for kind in self.kinds[type]:
                declared = types.get(kind)
                if declared is None or not (kind == type or declared.interface_object):
                    continue
                if name in declared.fields:
                    yield subgraph, kind, declared.fields[name]

    def _choices(self, type: str, name: str, declared: GraphQLField) -> tuple[str, ...]:
        """The object types, or enum values, that every subgraph with the field could give."""
        target = get_named_type(declared.type)
        if isinstance(target, GraphQLEnumType):
            possible = set(target.values)
        elif is_abstract_type(target):
            possible = {each.name for each in self.schema.get_possible_types(target)}
        elif is_composite_type(target):
            possible = {target.name}
        else:
            return ()
        for subgraph, _, source in self._sources(type, name):
            here = self._subgraphs[subgraph][named(source.type)]
            if not here.interface_object:
                possible &= here.possible
        if not possible:
            raise NoSuchWorld(f"{type}.{name}")
        return tuple(sorted(possible))

    def _unions_of(self, type: str) -> set[str]:
        return {
            union
            for types in self._subgraphs.values()
            for union, declared in types.items()
            if type in declared.possible
        }

    def _pairs(self, *, key: bool) -> Iterator[tuple[str, str]]:
        """The fields, by object type, that keys are made of, or that @requires names."""
        for type, wanted in self._sets(key=key):
            for owner, node in self._along(type, wanted):
                yield owner, node.name.value

    def _inner_types(self) -> Iterator[str]:
        """The types of objects that keys and required objects have below them."""
        for key in (True, False):
            for type, wanted in self._sets(key=key):
                for owner, node in self._along(type, wanted):
                    if below(node):
                        yield from self.possible(self._target(owner, node))

    def _below_mixed(self) -> Iterator[str]:
        """The types of objects under fields that may be null for some subgraphs only: a null that
        rises from them goes further there than in one server."""
        for type in self.schema.type_map.values():
            if not isinstance(type, GraphQLObjectType) or type.name.startswith("__"):
                continue
            for name, each in type.fields.items():
                shapes = {firmness(source.type) for _, _, source in self._sources(type.name, name)}
                target = get_named_type(each.type)
                if len(shapes) > 1 and is_composite_type(target):
                    yield from self.possible(target.name)

    def _risen_from(self, types: set[str]) -> set[str]:
        """These types, and those whose nulls can rise to them."""
        found: set[str] = set()
        left = list(types)
        while left:
            type = left.pop()
            if type in found:
                continue
            found.add(type)
            declared = self.schema.type_map[type]
            assert isinstance(declared, GraphQLObjectType)
            for name, each in declared.fields.items():
                target = get_named_type(each.type)
                firm = any(any(firmness(one.type)) for _, _, one in self._sources(type, name))
                if firm and is_composite_type(target):
                    left.extend(self.possible(target.name))
        return found

    def _sets(self, *, key: bool) -> Iterator[tuple[str, FieldSet]]:
        for types in self._subgraphs.values():
            for name, type in types.items():
                if key:
                    yield from ((name, each.fields) for each in type.keys)
                else:
                    yield from ((name, each.requires) for each in type.fields.values())

    def _along(self, type: str, wanted: FieldSet) -> Iterator[tuple[str, FieldNode]]:
        """The fields of a field set at every depth, with the object types they may be on."""
        for owner in self.possible(type):
            for node in fields_on(wanted, self.kinds[owner]):
                assert isinstance(node, FieldNode)
                if node.name.value == "__typename":
                    continue
                yield owner, node
                if below(node):
                    yield from self._along(self._target(owner, node), below(node))

    def _target(self, owner: str, node: FieldNode) -> str:
        declared = self.schema.type_map[owner]
        assert isinstance(declared, GraphQLObjectType)
        target: str = get_named_type(declared.fields[node.name.value].type).name
        return target


def _defaults(declared: GraphQLField) -> dict[str, Any]:
    """The values of the arguments that nobody gives."""
    given = {
        name: each
        for name, each in declared.args.items()
        if not isinstance(each.type, GraphQLNonNull) or each.default is not None
    }
    asked = FieldNode(name=NameNode(value="asked"))
    return get_argument_values(GraphQLField(declared.type, args=given), asked)
