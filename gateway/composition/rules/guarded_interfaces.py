"""Rights are demanded by what resolves data, and an interface resolves none.

A demand on an interface would not hold for a fragment on one of its object types.
"""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.model import Element, InterfaceType
from gateway.composition.specifications import DEMANDS


def check_guarded_interfaces(member: Member) -> Iterator[CompositionError]:
    """AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE. An interface object's fields may demand rights:
    they become fields of the object types.
    """
    for type in member.schema.composites():
        if isinstance(type, InterfaceType):
            yield from _check(member, type.name, type)
            for field in type.fields.values():
                yield from _check(member, f"{type.name}.{field.name}", field)
        elif type.has("interfaceObject"):
            yield from _check(member, type.name, type)


def _check(member: Member, coordinate: str, element: Element) -> Iterator[CompositionError]:
    for name in DEMANDS:
        for applied in element.applied(name):
            yield member.error(
                Code.AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE,
                f"@{name} on {coordinate} belongs on the interface's object types.",
                coordinate,
                applied.line,
            )
