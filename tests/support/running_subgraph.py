"""A subgraph of a test: a schema with resolvers, run by graphql-core.

It is strict: a request that is not valid for its schema, or a representation that does not have
the types of its fields, fails the test instead of becoming an error of the answer.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from inspect import isawaitable
from typing import Any, Final

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    build_ast_schema,
    execute_sync,
    parse,
    subscribe,
    validate,
)
from graphql.language import ConstDirectiveNode, DefinitionNode, DocumentNode

from gateway.transport.answer import checked
from gateway.transport.request import SubgraphRequest
from tests.support.composition import FEDERATION
from tests.support.representations import check_representation

#: A field's value, or a function of the object and the field's arguments.
Resolvers = Mapping[str, Mapping[str, Any]]
#: For the `__typename` of a representation, the object that it names.
References = Mapping[str, Callable[[dict[str, Any]], Any]]

#: What a subgraph says where it must not be asked.
NEVER: Final = "NEVER"


def never(*_: Any, **__: Any) -> Any:
    """A resolver that must not be called."""
    raise LookupError("This must not be asked.")


def by(key: str, rows: Iterable[Mapping[str, Any]]) -> Callable[[dict[str, Any]], Any]:
    """Finds the row with the representation's value of `key`; what was required comes with it."""
    found = {row[key]: row for row in rows}

    def resolve(representation: dict[str, Any]) -> Any:
        row = found.get(representation[key])
        typename = {"__typename": (row or {}).get("__typename", representation["__typename"])}
        return None if row is None else {**row, **representation, **typename}

    return resolve


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A subgraph's schema and what it answers.

    Objects are dicts; one of an abstract type says its `__typename`. A field without a resolver
    is the object's value, and an error when the object has none. A resolver for `__typename`
    makes the subgraph lie about a type. Without a reference resolver an entity is what its
    representation says. `link` goes before the SDL: empty for a subgraph of federation 1.
    """

    sdl: str
    resolvers: Resolvers = field(default_factory=dict)
    references: References = field(default_factory=dict)
    link: str = FEDERATION


class RunningSubgraph:
    """A subgraph at work: writes down what it is sent and which fields it resolves."""

    def __init__(
        self,
        name: str,
        subgraph: Subgraph,
        calls: list[SubgraphRequest],
        resolved: Counter[str],
    ) -> None:
        #: Until it is set, requests wait here.
        self.gate: asyncio.Event | None = None
        self._name = name
        self._subgraph = subgraph
        self._calls = calls
        self._resolved = resolved
        self._schema = _executable(subgraph.sdl)

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """The answer of a real server."""
        self._calls.append(request)
        if self.gate is not None:
            await self.gate.wait()
        document = parse(request.document)
        assert validate(self._schema, document) == [], f"{self._name}: {request.document}"
        result = execute_sync(
            self._schema,
            document,
            root_value={},
            variable_values=dict(request.variables),
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
            middleware=[self._lie],
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            _raise_assertions(result.errors)
            answer["errors"] = [error.formatted for error in result.errors]
        return checked(self._name, answer)

    async def subscribe(self, request: SubgraphRequest) -> AsyncGenerator[Mapping[str, Any], None]:
        """The answers for the events of a field of Subscription, whose resolver yields them."""
        self._calls.append(request)
        document = parse(request.document)
        assert validate(self._schema, document) == [], f"{self._name}: {request.document}"
        events: Any = subscribe(
            self._schema,
            document,
            root_value={},
            variable_values=dict(request.variables),
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
            subscribe_field_resolver=self._subscribe,
        )
        events = await events if isawaitable(events) else events
        assert not isinstance(events, ExecutionResult), events.errors
        async for result in events:
            answer: dict[str, Any] = {"data": result.data}
            if result.errors:
                answer["errors"] = [error.formatted for error in result.errors]
            yield checked(self._name, answer)

    async def _subscribe(
        self, _: Any, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> AsyncIterator[dict[str, Any]]:
        source = self._subgraph.resolvers[info.parent_type.name][info.field_name]
        return ({info.field_name: event} async for event in source(**arguments))

    def _lie(self, ask: Any, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info.field_name == "__typename":
            told = self._subgraph.resolvers.get(info.parent_type.name, {})
            return told.get("__typename", info.parent_type.name)
        return ask(source, info, **arguments)

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        type, name = info.parent_type.name, info.field_name
        if name == "_entities":
            return [self._entity(each) for each in arguments["representations"]]
        self._resolved[f"{self._name}.{type}.{name}"] += 1
        resolvers = self._subgraph.resolvers.get(type, {})
        is_event = info.operation.operation is OperationType.SUBSCRIPTION and not info.path.prev
        if is_event or name not in resolvers:
            return source[name]
        found = resolvers[name]
        return found(source, **arguments) if callable(found) else found

    def _entity(self, representation: dict[str, Any]) -> Any:
        check_representation(self._schema, representation)
        resolve = self._subgraph.references.get(representation["__typename"], dict)
        found = resolve(dict(representation))
        if isinstance(found, dict):
            found = {"__typename": representation["__typename"], **found}
        return found


def _raise_assertions(errors: Iterable[GraphQLError]) -> None:
    for error in errors:
        if isinstance(error.original_error, AssertionError):
            raise error.original_error


@cache
def _executable(sdl: str) -> GraphQLSchema:
    """The subgraph's schema with its `_entities`."""
    document = parse(sdl)
    bases = {
        each.name.value
        for each in document.definitions
        if isinstance(each, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
    }
    definitions = tuple(_based(each, bases) for each in document.definitions)
    entities = dict.fromkeys(
        each.name.value
        for each in definitions
        if isinstance(each, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
        and any(map(_is_entrance, each.directives or ()))
    )
    if entities:
        root = _query_type(document)
        query = "extend type" if root in bases else "type"
        definitions += parse(
            f"scalar _Any union _Entity = {' | '.join(entities)} {query} {root} "
            "{ _entities(representations: [_Any!]!): [_Entity]! }"
        ).definitions
    return build_ast_schema(DocumentNode(definitions=definitions), assume_valid=True)


def _query_type(document: DocumentNode) -> str:
    """What the subgraph calls it."""
    named = (
        each.type.name.value
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
        for each in definition.operation_types or ()
        if each.operation is OperationType.QUERY
    )
    return next(named, "Query")


def _based(node: DefinitionNode, bases: set[str]) -> DefinitionNode:
    """A subgraph may extend a type that only others define: its first extension defines it."""
    made: type[ObjectTypeDefinitionNode] | type[InterfaceTypeDefinitionNode]
    match node:
        case ObjectTypeExtensionNode():
            made = ObjectTypeDefinitionNode
        case InterfaceTypeExtensionNode():
            made = InterfaceTypeDefinitionNode
        case _:
            return node
    if node.name.value in bases:
        return node
    bases.add(node.name.value)
    return made(
        name=node.name, directives=node.directives, interfaces=node.interfaces, fields=node.fields
    )


def _is_entrance(directive: ConstDirectiveNode) -> bool:
    """A @key by which this subgraph can be entered."""
    if directive.name.value != "key":
        return False
    given = {each.name.value: each.value for each in directive.arguments or ()}
    return getattr(given.get("resolvable"), "value", True) is not False
