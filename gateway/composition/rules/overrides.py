"""A subgraph takes over an object's field from another, for a share of requests that is one."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.model import Applied, InterfaceType, ObjectType

_LABEL: Final = re.compile(r"^[A-Za-z][\w\-:./]*$")
_PERCENT: Final = re.compile(r"^percent\((?P<number>\d{1,2}(?:\.\d{1,8})?|100)\)$")


def check_overrides(member: Member) -> Iterator[CompositionError]:
    """OVERRIDE_ON_INTERFACE, OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
    OVERRIDE_FROM_SELF_ERROR, OVERRIDE_LABEL_INVALID.
    """
    for type in member.schema.composites():
        for field in type.fields.values():
            for applied in field.applied("override"):
                yield from _check(member, type, field.name, applied)


def _check(
    member: Member, type: ObjectType | InterfaceType, name: str, applied: Applied
) -> Iterator[CompositionError]:
    coordinate = f"{type.name}.{name}"
    if isinstance(type, InterfaceType):
        yield member.error(
            Code.OVERRIDE_ON_INTERFACE,
            f"{coordinate} is an interface's field: only object types resolve fields.",
            coordinate,
            applied.line,
        )
    if member.is_interface_object(type.name):
        yield member.error(
            Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
            f"{coordinate} is an interface object's field: @override cannot move it.",
            coordinate,
            applied.line,
        )
    if type.fields[name].has("external"):
        yield member.error(
            Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
            f"{coordinate} is @external: nothing is resolved here that could take over.",
            coordinate,
            applied.line,
        )
    if applied.text("from") == member.name:
        yield member.error(
            Code.OVERRIDE_FROM_SELF_ERROR,
            f'{coordinate} is taken over from "{member.name}" by itself.',
            coordinate,
            applied.line,
        )
    label = applied.text("label")
    if label is not None and not (_LABEL.match(label) or _PERCENT.match(label)):
        yield member.error(
            Code.OVERRIDE_LABEL_INVALID,
            f'{coordinate}: the label "{label}" is neither a name nor like percent(10).',
            coordinate,
            applied.line,
        )
