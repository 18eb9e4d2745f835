"""A type is of one kind everywhere; an interface object counts as the interface."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.schema.model import (
    Definition,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    ScalarType,
    UnionType,
)


def check_type_kinds(federation: Federation) -> Iterator[CompositionError]:
    """TYPE_KIND_MISMATCH."""
    for name in federation.type_names:
        sources = federation.sources(name)
        kinds = [_kind(member, definition) for member, definition in sources]
        for (member, definition), kind in zip(sources, kinds, strict=True):
            if kind != kinds[0]:
                yield member.error(
                    Code.TYPE_KIND_MISMATCH,
                    f'{name} is {kind} here and {kinds[0]} in "{sources[0][0].name}".',
                    name,
                    definition.line,
                )


def _kind(member: Member, definition: Definition) -> str:
    match definition:
        case ScalarType():
            return "a scalar"
        case InterfaceType():
            return "an interface"
        case ObjectType():
            is_interface = member.is_interface_object(definition.name)
            return "an interface" if is_interface else "an object type"
        case UnionType():
            return "a union"
        case EnumType():
            return "an enum"
        case InputType():
            return "an input type"
