"""A world in which every value follows from what is asked: a monolith answers all of it, and each
subgraph its own part. What a federation answers must be what the monolith answers.

The id of an entity is `Type:n`, so that every subgraph can find the object behind a key. A field
that @requires others has a value that follows from theirs as they arrive, so a wrong or missing
requirement shows. What a subgraph may not answer (@external) or no longer answers (@override) it
answers wrongly.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    build_ast_schema,
    execute_sync,
    get_named_type,
    is_abstract_type,
    parse,
    print_ast,
    validate,
)

from gateway.composition import Subgraph, compose
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import SubgraphRequest

HEADER: Final = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@provides", "@requires", "@override", "@inaccessible", '
    '"@interfaceObject"])\n'
)
_MACHINERY: Final = """
scalar _Any
scalar FieldSet
directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @external on OBJECT | FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | ENUM_VALUE
directive @interfaceObject on OBJECT
"""
_PER_TYPE: Final = 4
_PER_LIST: Final = 3


@dataclass(frozen=True)
class Thing:
    """An object: its concrete type, its identity, and what a representation says of it."""

    type: str
    id: str
    known: Mapping[str, Any] = field(default_factory=dict)


class Universe:
    """The values of a supergraph's types."""

    def __init__(self, sdls: Mapping[str, str]) -> None:
        subgraphs = [Subgraph(name, f"http://{name}", HEADER + sdl) for name, sdl in sdls.items()]
        composition = compose(subgraphs)
        assert composition.supergraph_sdl is not None, composition.errors
        self.sdl = composition.supergraph_sdl
        self.supergraph: Supergraph = read_supergraph(self.sdl)
        self.requirements = _requirements(self.supergraph)
        self.subgraphs = {name: FakeSubgraph(self, name, sdl) for name, sdl in sdls.items()}

    @property
    def schema(self) -> GraphQLSchema:
        """Everything that any subgraph has."""
        return self.supergraph.schema

    def answer(self, text: str) -> ExecutionResult:
        """The monolith's answer."""
        return _executed(self.supergraph.api_schema, text, self._resolve, _type_of)

    def value(self, owner: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a field of an object is."""
        declared = self.schema.type_map[owner.type]
        assert isinstance(declared, GraphQLObjectType)
        wanted = self.requirements.get((owner.type, name))
        seed = [owner.id, name, *map(str, sorted(arguments.items()))]
        if wanted is not None:
            seed.append(str(self.selected(owner, wanted)))
        return self._made(declared.fields[name].type, owner, name, seed)

    def selected(self, owner: Thing, wanted: Sequence[Any]) -> Any:
        """The values of a field set of an object, in a form that can be compared."""
        found: dict[str, Any] = {}
        for each in wanted:
            if isinstance(each, InlineFragmentNode):
                if self._is_a(owner.type, each):
                    found |= self.selected(owner, each.selection_set.selections)
                continue
            arguments = {a.name.value: print_ast(a.value) for a in each.arguments or ()}
            value = self.value(owner, each.name.value, arguments)
            nested = each.selection_set.selections if each.selection_set else None
            found[each.name.value] = self._plain(value, nested)
        return found

    def _is_a(self, type: str, fragment: InlineFragmentNode) -> bool:
        assert fragment.type_condition is not None
        condition = self.schema.type_map[fragment.type_condition.name.value]
        if is_abstract_type(condition):
            return type in {each.name for each in self.schema.get_possible_types(condition)}
        return condition.name == type

    def _plain(self, value: Any, nested: Any) -> Any:
        if isinstance(value, list):
            return [self._plain(each, nested) for each in value]
        return self.selected(value, nested) if isinstance(value, Thing) else value

    def _made(self, type: GraphQLOutputType, owner: Thing, name: str, seed: list[str]) -> Any:
        if isinstance(type, GraphQLNonNull):
            return self._made(type.of_type, owner, name, seed)
        if isinstance(type, GraphQLList):
            return [
                self._made(type.of_type, owner, name, [*seed, str(n)]) for n in range(_PER_LIST)
            ]
        if name == "id":
            return owner.id
        number = int.from_bytes(hashlib.sha256("|".join(seed).encode()).digest()[:4], "big")
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            return self._object(type.name, owner, name, number)
        if isinstance(type, GraphQLEnumType):
            return sorted(type.values)[number % len(type.values)]
        match type.name:
            case "Int":
                return number % 1_000
            case "Boolean":
                return number % 2 == 0
            case _:
                return f"{name}-{number % 100_000}"

    def _object(self, type: str, owner: Thing, name: str, number: int) -> Thing:
        declared = self.schema.type_map[type]
        possible = [type]
        if is_abstract_type(declared):
            possible = sorted(each.name for each in self.schema.get_possible_types(declared))
        concrete = possible[number % len(possible)]
        if self._is_entity(concrete):
            return Thing(concrete, f"{concrete}:{number % _PER_TYPE}")
        return Thing(concrete, f"{owner.id}.{name}")

    def _is_entity(self, type: str) -> bool:
        return any(
            type in subgraph.types and subgraph.types[type].keys
            for subgraph in self.supergraph.subgraphs.values()
        )

    def _resolve(self, owner: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        thing = owner if isinstance(owner, Thing) else Thing(info.parent_type.name, "root")
        return self.value(thing, info.field_name, _printed(info))


class FakeSubgraph:
    """A subgraph of the universe: graphql-core over its own schema, with `_entities`."""

    def __init__(self, universe: Universe, name: str, sdl: str) -> None:
        self._universe = universe
        document = parse(_MACHINERY + sdl)
        entities = [
            node.name.value
            for node in document.definitions
            if isinstance(node, ObjectTypeDefinitionNode)
            and any(each.name.value == "key" for each in node.directives or ())
        ]
        extra = f"union _Entity = {' | '.join(entities)}\n" if entities else ""
        if entities:
            query = "extend type Query" if "type Query" in sdl else "type Query"
            extra += f"{query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
        self._schema = build_ast_schema(parse(f"{_MACHINERY}{sdl}\n{extra}"), assume_valid=True)
        self._wrong = set(_wrongly_answered(universe, name))

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """Answer a request; one that is not valid here fails the test."""
        document = parse(request.document)
        assert validate(self._schema, document) == [], request.document
        result = _executed(
            self._schema,
            request.document,
            self._resolve,
            lambda thing, *_: self._known_as(thing),
            dict(request.variables),
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer

    def _known_as(self, thing: Thing) -> str:
        """The type here: an interface object hides what the object is."""
        if thing.type in self._schema.type_map:
            return thing.type
        declared = self._universe.schema.type_map[thing.type]
        assert isinstance(declared, GraphQLObjectType)
        interfaces: list[str] = [each.name for each in declared.interfaces]
        return next(name for name in interfaces if name in self._schema.type_map)

    def _resolve(self, owner: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info.field_name == "_entities":
            return [self._found(each) for each in arguments["representations"]]
        thing = owner if isinstance(owner, Thing) else Thing(info.parent_type.name, "root")
        if (info.parent_type.name, info.field_name) in self._wrong:
            return _WRONG[get_named_type(info.return_type).name]
        requires = self._universe.requirements.get((thing.type, info.field_name))
        if requires is not None:
            expected = self._universe.selected(thing, requires)
            given = {name: _plain(thing.known.get(name)) for name in expected}
            if given != expected:
                raise ValueError(f"{info.field_name} required {expected} and got {given}.")
        return self._universe.value(thing, info.field_name, _printed(info))

    def _found(self, representation: Mapping[str, Any]) -> Thing | None:
        """The object that a representation names: of all there are, the one with these values."""
        type = self._universe.schema.type_map[representation["__typename"]]
        concrete = [type]
        if is_abstract_type(type):
            concrete = list(self._universe.schema.get_possible_types(type))
        for each in concrete:
            for number in range(_PER_TYPE):
                thing = Thing(each.name, f"{each.name}:{number}", representation)
                if representation.get("id", thing.id) == thing.id and self._matches(thing):
                    return thing
        return None

    def _matches(self, thing: Thing) -> bool:
        """Whether an entity that has no id has the values of the representation."""
        if "id" in thing.known:
            return True
        for name, given in thing.known.items():
            if name == "__typename":
                continue
            value = self._universe.value(thing, name, {})
            if _shape(self._universe, value, given) != _plain(given):
                return False
        return True


_WRONG: Final = {"String": "WRONG", "ID": "WRONG", "Int": -1, "Boolean": None}


def _shape(universe: Universe, value: Any, given: Any) -> Any:
    """A value in the shape of what was given for it."""
    if isinstance(value, list) and isinstance(given, list):
        return [_shape(universe, one, other) for one, other in zip(value, given, strict=True)]
    if isinstance(value, Thing) and isinstance(given, dict):
        return {
            name: _shape(universe, universe.value(value, name, {}), each)
            for name, each in given.items()
            if name != "__typename"
        }
    return value


def _plain(value: Any) -> Any:
    """Without what only tells the type."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if name != "__typename"}
    return value


def _printed(info: GraphQLResolveInfo[Any]) -> dict[str, str]:
    [node, *_] = info.field_nodes
    return {argument.name.value: print_ast(argument.value) for argument in node.arguments or ()}


def _executed(
    schema: GraphQLSchema,
    text: str,
    resolve: Any,
    type_of: Any,
    variables: Mapping[str, Any] | None = None,
) -> ExecutionResult:
    result = execute_sync(
        schema,
        parse(text),
        variable_values=dict(variables or {}),
        field_resolver=resolve,
        type_resolver=type_of,
    )
    assert isinstance(result, ExecutionResult)
    return result


def _type_of(thing: Thing, *_: Any) -> str:
    return thing.type


def _requirements(supergraph: Supergraph) -> dict[tuple[str, str], Sequence[Any]]:
    found: dict[tuple[str, str], Sequence[Any]] = {}
    for subgraph in supergraph.subgraphs.values():
        for type in subgraph.types.values():
            for name, each in type.fields.items():
                if each.requires is not None:
                    [operation] = parse(f"{{{each.requires}}}").definitions
                    assert isinstance(operation, OperationDefinitionNode)
                    found[type.name, name] = operation.selection_set.selections
    return found


def _wrongly_answered(universe: Universe, name: str) -> Any:
    """Leaves that this subgraph has and must not be asked for."""
    own = universe.supergraph.subgraphs[name]
    for type in own.types.values():
        declared = universe.schema.type_map[type.name]
        fields: Mapping[str, Any] = getattr(declared, "fields", {})
        for field_name in fields:
            here = type.fields.get(field_name)
            provided = any(
                each.provides and field_name in each.provides
                for other in own.types.values()
                for each in other.fields.values()
            )
            is_leaf = get_named_type(fields[field_name].type).name in _WRONG
            if is_leaf and (here is None or (here.external and not provided)):
                yield type.name, field_name
