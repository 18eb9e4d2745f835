"""An interface object stands for an interface whose implementers another subgraph knows."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.schema.model import InterfaceType, ObjectType


def check_interface_objects(federation: Federation) -> Iterator[CompositionError]:
    """INTERFACE_OBJECT_USAGE_ERROR, INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE."""
    for name in federation.type_names:
        if not federation.is_interface(name):
            continue
        sources = federation.composites(name)
        if not any(isinstance(type, InterfaceType) for _, type in sources):
            member, type = sources[0]
            yield member.error(
                Code.INTERFACE_OBJECT_USAGE_ERROR,
                f"{name} is an interface object, but no subgraph has it as an interface.",
                name,
                type.line,
            )
        for member, type in sources:
            yield from _check(federation, member, type)


def _check(
    federation: Federation, member: Member, type: ObjectType | InterfaceType
) -> Iterator[CompositionError]:
    implementers = federation.implementers(type.name)
    if isinstance(type, InterfaceType):
        keys = type.applied("key")
        enters = next((key for key in keys if key.arguments.get("resolvable") is not False), None)
        missing = [n for n in implementers if n not in member.schema.possible_types(type.name)]
        if enters is not None and missing and not member.is_federation_one:
            yield member.error(
                Code.INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE,
                f"{type.name} has a resolvable key here, so all its types must be here too: "
                f"{', '.join(missing)}.",
                type.name,
                enters.line,
            )
        return
    for name in implementers:
        if name in member.schema.types:
            yield member.error(
                Code.INTERFACE_OBJECT_USAGE_ERROR,
                f"{type.name} is an interface object here, so {name}, which implements it, "
                "cannot be here too.",
                type.name,
                type.line,
            )
