"""A supergraph with data behind it: one server that has everything, and the subgraphs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from graphql import (
    ExecutionResult,
    FieldDefinitionNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    ListTypeNode,
    NonNullTypeNode,
    TypeNode,
    Visitor,
    build_ast_schema,
    parse,
    print_schema,
    visit,
)

from gateway.composition import Subgraph, compose
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import Send
from tests.support.course import Course, executed
from tests.support.declarations import (
    declarations,
)
from tests.support.fake_subgraph import FakeSubgraph as FakeSubgraph
from tests.support.world import Broken, Thing, World

HEADER: Final = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@provides", "@requires", "@override", "@inaccessible", '
    '"@interfaceObject", "@authenticated", "@requiresScopes", "@policy"])\n'
)


#: Whether a field of an object type is denied to who asks.
Denies = Callable[[str, str], bool]


class Denied(Exception):
    """Who asks may not see this."""


def _nothing(type: str, field: str) -> bool:
    return False


class DoesNotCompose(Exception):
    """The subgraphs make no supergraph: the composer's errors."""


class Universe:
    """Subgraphs by name, composed. Raises `DoesNotCompose`, `NoSuchWorld`."""

    def __init__(self, sdls: Mapping[str, str], *, trouble: bool = False) -> None:
        subgraphs = [Subgraph(name, f"http://{name}", HEADER + sdl) for name, sdl in sdls.items()]
        composition = compose(subgraphs)
        if composition.supergraph_sdl is None:
            raise DoesNotCompose(*composition.errors)
        self.sdl = composition.supergraph_sdl
        self.supergraph: Supergraph = read_supergraph(self.sdl)
        self.declared = declared = {name: declarations(sdl) for name, sdl in sdls.items()}
        self.world = World(self.schema, declared, trouble=trouble)
        self.subgraphs = {
            name: FakeSubgraph(self.world, declared, name, sdl) for name, sdl in sdls.items()
        }

    @property
    def schema(self) -> GraphQLSchema:
        """Everything that any subgraph has."""
        return self.supergraph.schema

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self.supergraph.api_schema

    @cached_property
    def _forgiving_schema(self) -> GraphQLSchema:
        """What clients see, with null allowed everywhere."""
        document = visit(parse(print_schema(self.api_schema)), _NullAnywhere())
        return build_ast_schema(document, assume_valid=True)

    def answer(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        types: dict[tuple[str | int, ...], GraphQLOutputType] | None = None,
        denies: Denies = _nothing,
    ) -> ExecutionResult:
        """The monolith's answer. `types` is told the type at each path, as far as it is asked."""
        course = Course()

        def resolve(owner: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            if types is not None:
                types[tuple(info.path.as_list())] = info.return_type
            _check(denies, info)
            thing = owner or course.root(info, arguments)
            return self._shown(self.world.value(thing, info.field_name, arguments))

        return executed(self.api_schema, parse(text), variables, resolve, _type_of)

    def failures(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        types: dict[tuple[str | int, ...], GraphQLOutputType] | None = None,
        denies: Denies = _nothing,
    ) -> dict[tuple[str | int, ...], Exception | None]:
        """Every path at which something fails, also below what is null because of that, and why.

        `types` is told the type at each path, also below what is null.
        """
        course = Course()

        def resolve(owner: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            declared = self.api_schema.type_map[info.parent_type.name]
            assert isinstance(declared, GraphQLObjectType)
            type = declared.fields[info.field_name].type
            if types is not None:
                types[tuple(info.path.as_list())] = type
            _check(denies, info)
            thing = owner or course.root(info, arguments)
            return _firm(self._shown(self.world.value(thing, info.field_name, arguments)), type)

        schema = self._forgiving_schema
        result = executed(schema, parse(text), variables, resolve, _type_of)
        return {tuple(error.path or ()): error.original_error for error in result.errors or ()}

    def sends(self, course: Course) -> dict[str, Send]:
        """The subgraphs as they answer one operation."""
        return {name: subgraph.during(course) for name, subgraph in self.subgraphs.items()}

    def _shown(self, value: Any) -> Any:
        """An object of a type that clients do not see is null to them."""
        if isinstance(value, list):
            return [self._shown(each) for each in value]
        if isinstance(value, Thing) and value.type not in self.api_schema.type_map:
            return None
        return value


def _check(denies: Denies, info: GraphQLResolveInfo[Any]) -> None:
    if denies(info.parent_type.name, info.field_name):
        raise Denied


class _NullAnywhere(Visitor):
    """Drops what forbids null, from output types."""

    def leave_field_definition(self, node: FieldDefinitionNode, *_: Any) -> FieldDefinitionNode:
        return replace(node, type=_nullable(node.type))


def _nullable(type: TypeNode) -> TypeNode:
    if isinstance(type, NonNullTypeNode):
        return _nullable(type.type)
    return replace(type, type=_nullable(type.type)) if isinstance(type, ListTypeNode) else type


def _firm(value: Any, type: GraphQLOutputType) -> Any:
    """The value, with what fails where null is forbidden. Raises `Broken`."""
    if isinstance(type, GraphQLNonNull):
        if value is None:
            raise Broken("This must not be null.")
        return _firm(value, type.of_type)
    if isinstance(type, GraphQLList) and isinstance(value, list):
        return [_firm_item(each, type.of_type) for each in value]
    return value


def _firm_item(value: Any, type: GraphQLOutputType) -> Any:
    try:
        return _firm(value, type)
    except Broken as broken:
        return broken


def _type_of(thing: Thing, *_: Any) -> str:
    return thing.type
