"""The keys of an interface are keys of each of its object types."""

from collections.abc import Hashable, Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, print_ast

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member, selections_of
from gateway.composition.schema.model import Applied, InterfaceType, ObjectType


def check_entity_interfaces(member: Member) -> Iterator[CompositionError]:
    """INTERFACE_KEY_NOT_ON_IMPLEMENTATION, INTERFACE_OBJECT_USAGE_ERROR."""
    for type in member.schema.composites():
        if isinstance(type, InterfaceType):
            for key in type.applied("key"):
                yield from _check_key(member, type, key)
        elif type.has("interfaceObject") and not type.has("key"):
            yield member.error(
                Code.INTERFACE_OBJECT_USAGE_ERROR,
                f"{type.name} is an interface object, so it needs a @key.",
                type.name,
                type.line,
            )


def _check_key(
    member: Member, interface: InterfaceType, key: Applied
) -> Iterator[CompositionError]:
    if member.is_federation_one:
        return
    for name in sorted(member.schema.possible_types(interface.name)):
        implementer = member.schema.types[name]
        same = [own for own in implementer.applied("key") if _same_selection(own, key)]
        assert isinstance(implementer, ObjectType), "an interface's possible types are objects"
        if not same:
            yield member.error(
                Code.INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
                f'{name} lacks the key "{_fields(key)}" of its interface {interface.name}.',
                interface.name,
                key.line,
            )
        elif _is_resolvable(key) and not any(map(_is_resolvable, same)):
            yield member.error(
                Code.INTERFACE_KEY_NOT_ON_IMPLEMENTATION,
                f'The key "{_fields(key)}" of {interface.name} is resolvable, so it must be of '
                f"{name} too.",
                interface.name,
                key.line,
            )


def _same_selection(key: Applied, other: Applied) -> bool:
    selections = [_shape(one) for applied in (key, other) for one in selections_of(applied)]
    return len(selections) == 2 and selections[0] == selections[1]


def _shape(selections: SelectionSetNode) -> frozenset[tuple[str, Hashable]]:
    """What is selected, in whatever order."""
    return frozenset(
        (
            print_ast(node).partition("{")[0].strip(),
            _shape(node.selection_set) if node.selection_set is not None else None,
        )
        for node in selections.selections
        if isinstance(node, FieldNode | InlineFragmentNode)
    )


def _fields(key: Applied) -> str:
    return " ".join((key.text("fields") or "").split())


def _is_resolvable(key: Applied) -> bool:
    return key.arguments.get("resolvable") is not False
