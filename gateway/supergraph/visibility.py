"""A schema without some of its elements, and without what cannot be without them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumValueNode,
    GraphQLNamedType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    NamedTypeNode,
    NonNullTypeNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    ValueNode,
    build_ast_schema,
    get_named_type,
    is_abstract_type,
    parse,
    print_schema,
    visit,
)
from graphql.language import Visitor

from gateway.errors import InvalidSupergraph
from gateway.supergraph.tags import members_of


def visible(schema: GraphQLSchema, hidden: Iterable[str]) -> GraphQLSchema:
    """The schema without the elements at these coordinates, and without the types to which
    nothing leads any more.

    Raises `InvalidSupergraph` when no query is left.
    """
    hiding = _Hiding(parse(print_schema(schema), no_location=True), hidden)
    query = schema.query_type
    if query is None or query.name in hiding.hidden:
        raise InvalidSupergraph("A view hides every query.")
    shown = _built(hiding)
    hiding.hidden |= _reached(schema) - _reached(shown)
    return _built(hiding)


def _built(hiding: "_Hiding") -> GraphQLSchema:
    definitions = tuple(hiding.kept())
    return build_ast_schema(DocumentNode(definitions=definitions), assume_valid=True)


def _reached(schema: GraphQLSchema) -> set[str]:
    """The types that an operation can come to."""
    found: set[str] = set()
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    waiting: list[GraphQLNamedType] = [root for root in roots if root is not None]
    while waiting:
        type = waiting.pop()
        if type.name in found:
            continue
        found.add(type.name)
        if is_abstract_type(type):
            waiting.extend(schema.get_possible_types(type))
        waiting.extend(getattr(type, "interfaces", ()))
        for member in getattr(type, "fields", {}).values():
            waiting.append(get_named_type(member.type))
            given = getattr(member, "args", {}).values()
            waiting.extend(get_named_type(argument.type) for argument in given)
    return found


class _Hiding:
    def __init__(self, document: DocumentNode, hidden: Iterable[str]) -> None:
        self.hidden = set(hidden)
        self._document = document
        self._types: Mapping[str, TypeDefinitionNode] = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, TypeDefinitionNode)
        }
        while found := {each for each in self._consequences() if each not in self.hidden}:
            self.hidden |= found

    def kept(self) -> Iterator[DefinitionNode]:
        """The definitions without what is hidden."""
        for definition in self._document.definitions:
            match definition:
                case SchemaDefinitionNode():
                    roots = tuple(
                        each
                        for each in definition.operation_types
                        if each.type.name.value not in self.hidden
                    )
                    yield replace(definition, operation_types=roots)
                case DirectiveDefinitionNode():
                    yield replace(
                        definition,
                        arguments=tuple(
                            each
                            for each in definition.arguments or ()
                            if _named(each.type) not in self.hidden
                        ),
                    )
                case TypeDefinitionNode() if definition.name.value not in self.hidden:
                    yield self._without(definition)

    def _without(self, definition: TypeDefinitionNode) -> TypeDefinitionNode:
        changes: dict[str, Any] = {}
        name = definition.name.value
        for attribute in ("fields", "values"):
            if members := getattr(definition, attribute, None):
                changes[attribute] = tuple(
                    self._with_arguments(f"{name}.{each.name.value}", each)
                    for each in members
                    if f"{name}.{each.name.value}" not in self.hidden
                )
        for attribute in ("interfaces", "types"):
            if entries := getattr(definition, attribute, None):
                changes[attribute] = tuple(e for e in entries if e.name.value not in self.hidden)
        return replace(definition, **changes)

    def _with_arguments(self, coordinate: str, member: Any) -> Any:
        arguments = getattr(member, "arguments", None)
        if not arguments:
            return member
        kept = (a for a in arguments if f"{coordinate}({a.name.value}:)" not in self.hidden)
        return replace(member, arguments=tuple(kept))

    def _consequences(self) -> Iterator[str]:
        """What cannot be seen either, in one step."""
        for name, definition in self._types.items():
            if name in self.hidden:
                continue
            members = members_of(definition)
            for member in members:
                yield from self._of_member(definition, f"{name}.{member.name.value}", member)
            if isinstance(definition, UnionTypeDefinitionNode):
                left = [
                    each for each in definition.types or () if each.name.value not in self.hidden
                ]
            else:
                left = [each for each in members if f"{name}.{each.name.value}" not in self.hidden]
            if not left and (members or isinstance(definition, UnionTypeDefinitionNode)):
                yield name

    def _of_member(
        self, definition: TypeDefinitionNode, coordinate: str, member: Any
    ) -> Iterator[str]:
        if (type := getattr(member, "type", None)) is None:
            return
        if _named(type) in self.hidden or self._mentions_hidden(member):
            yield coordinate
        for argument in getattr(member, "arguments", None) or ():
            of_argument = f"{coordinate}({argument.name.value}:)"
            if _named(argument.type) in self.hidden or self._mentions_hidden(argument):
                yield of_argument
            if of_argument in self.hidden:
                yield from self._of_interfaces(definition, of_argument)
                if _is_required(argument):
                    yield coordinate
        if coordinate in self.hidden:
            yield from self._of_interfaces(definition, coordinate)
            if _is_required(member) and isinstance(definition, InputObjectTypeDefinitionNode):
                yield definition.name.value

    def _of_interfaces(self, definition: TypeDefinitionNode, coordinate: str) -> Iterator[str]:
        """An interface does not promise what one of its types does not keep."""
        _, _, member = coordinate.partition(".")
        for interface in getattr(definition, "interfaces", None) or ():
            yield f"{interface.name.value}.{member}"

    def _mentions_hidden(self, member: Any) -> bool:
        """Whether its default is a value that is hidden."""
        default = getattr(member, "default_value", None)
        if default is None:
            return False
        return any(f"{_named(member.type)}.{name}" in self.hidden for name in _values(default))


def _named(type: TypeNode) -> str:
    while not isinstance(type, NamedTypeNode):
        type = type.type  # type: ignore[attr-defined]  # lists and non-nulls have one
    return type.name.value


def _is_required(member: Any) -> bool:
    return (
        isinstance(member.type, NonNullTypeNode) and getattr(member, "default_value", None) is None
    )


def _values(node: ValueNode) -> list[str]:
    found = _EnumValues()
    visit(node, found)
    return found.names


class _EnumValues(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        self.names.append(node.value)
