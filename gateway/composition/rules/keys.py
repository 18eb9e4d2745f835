"""Keys select fields that this subgraph has, of types that have one shape."""

from collections.abc import Iterator
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.rules.field_sets import FieldSetCheck
from gateway.composition.schema.model import InterfaceType

_ENTITY_INTERFACES: Final = (2, 3)


def check_keys(member: Member) -> Iterator[CompositionError]:
    """KEY_INVALID_FIELDS and its kin; KEY_UNSUPPORTED_ON_INTERFACE before federation 2.3."""
    for type in member.schema.composites():
        for key in type.applied("key"):
            if isinstance(type, InterfaceType) and not _has_entity_interfaces(member):
                yield member.error(
                    Code.KEY_UNSUPPORTED_ON_INTERFACE,
                    f"The interface {type.name} cannot have a @key before federation 2.3.",
                    type.name,
                    key.line,
                )
            else:
                yield from FieldSetCheck(member, key, type.name, type.name).errors()


def _has_entity_interfaces(member: Member) -> bool:
    version = member.links.federation
    return version is None or version >= _ENTITY_INTERFACES
