"""What a document writes out of the specifications that it links must be what they say."""

from collections.abc import Iterator
from typing import Final

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputValueDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
)

from gateway.composition.errors import Code, CompositionError, CompositionRefused
from gateway.composition.reading.document import machinery_definitions
from gateway.composition.reading.links import Links
from gateway.composition.schema.literal import read_literal
from gateway.composition.schema.type_ref import ListOf, Named, NonNull, TypeRef, read_type_ref
from gateway.composition.specifications import ARGUMENT_TYPES

#: The types that each subgraph has for the gateway's sake, which no link names.
_OF_EVERY_SUBGRAPH: Final = ("_Any", "_Entity", "_Service")
_SCALARS: Final = frozenset({*ARGUMENT_TYPES, "link__any"})


def require_faithful(document: DocumentNode, links: Links, subgraph: str) -> None:
    """Raises `CompositionRefused` with DIRECTIVE_DEFINITION_INVALID, TYPE_DEFINITION_INVALID."""
    own_scalars = {
        node.name.value
        for node in document.definitions
        if isinstance(node, ScalarTypeDefinitionNode)
        and not links.is_machinery_type(node.name.value)
    }
    known = {
        node.name.value: node
        for node in machinery_definitions(links)
        if isinstance(node, DirectiveDefinitionNode) and node.name.value != links.link
    }
    errors: list[CompositionError] = []
    for node in document.definitions:
        match node:
            case TypeDefinitionNode() if links.is_machinery_type(node.name.value):
                errors.extend(_type_error(node, subgraph))
            case DirectiveDefinitionNode() if node.name.value in known:
                reasons = _reasons(node, known[node.name.value], own_scalars)
                errors.extend(_directive_error(node, reason, subgraph) for reason in reasons)
            case _:
                pass
    if errors:
        raise CompositionRefused(errors)


def _type_error(node: TypeDefinitionNode, subgraph: str) -> Iterator[CompositionError]:
    name = node.name.value
    is_leaf = isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode)
    if not is_leaf and name not in _OF_EVERY_SUBGRAPH:
        line = node.loc.start_token.line if node.loc else None
        message = f"{name} is a scalar of a linked specification, and is defined as another kind."
        yield CompositionError(Code.TYPE_DEFINITION_INVALID, message, subgraph, name, line)


def _directive_error(node: DirectiveDefinitionNode, reason: str, subgraph: str) -> CompositionError:
    name = f"@{node.name.value}"
    line = node.loc.start_token.line if node.loc else None
    message = f"{name} is not defined as its specification defines it: {reason}."
    return CompositionError(Code.DIRECTIVE_DEFINITION_INVALID, message, subgraph, name, line)


def _reasons(
    node: DirectiveDefinitionNode, known: DirectiveDefinitionNode, own_scalars: set[str]
) -> Iterator[str]:
    arguments = {argument.name.value: argument for argument in node.arguments or ()}
    for expected in known.arguments or ():
        own = arguments.pop(expected.name.value, None)
        if own is not None:
            yield from _argument_reasons(own, expected, own_scalars)
        elif isinstance(read_type_ref(expected.type), NonNull) and expected.default_value is None:
            yield f"the argument {expected.name.value} is missing"
    for name in arguments:
        yield f"there is no argument {name}"
    if node.repeatable and not known.repeatable:
        yield "it cannot be repeated"
    allowed = {location.value for location in known.locations}
    for location in node.locations:
        if location.value not in allowed:
            yield f"it cannot stand on {location.value}"


def _argument_reasons(
    own: InputValueDefinitionNode, expected: InputValueDefinitionNode, own_scalars: set[str]
) -> Iterator[str]:
    """A stricter argument that is always given does no harm."""
    own_type, type = read_type_ref(own.type), read_type_ref(expected.type)
    bare = own_type.of if isinstance(own_type, NonNull) and not isinstance(type, NonNull) else None
    if not _stands_for(bare or own_type, type, own_scalars):
        yield f"the argument {own.name.value} is of the type {own_type}"
    elif not isinstance(own_type, NonNull) and _default(own) != _default(expected):
        yield f"the argument {own.name.value} has another default"


def _stands_for(own: TypeRef, type: TypeRef, own_scalars: set[str]) -> bool:
    """A specification's scalar may be written as a standard one, like String."""
    match own, type:
        case (NonNull(inner), NonNull(of)) | (ListOf(inner), ListOf(of)):
            return _stands_for(inner, of, own_scalars)
        case Named(name), Named(of_name):
            return name == of_name or (of_name in _SCALARS and name not in own_scalars)
        case _:
            return False


def _default(node: InputValueDefinitionNode) -> object:
    return read_literal(node.default_value) if node.default_value is not None else None
