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
    for code, reason in _reasons(member, type, name, applied):
        yield member.error(code, f"@override on {coordinate}: {reason}", coordinate, applied.line)


def _reasons(
    member: Member, type: ObjectType | InterfaceType, name: str, applied: Applied
) -> Iterator[tuple[Code, str]]:
    if isinstance(type, InterfaceType):
        yield Code.OVERRIDE_ON_INTERFACE, "only object types resolve fields."
    if member.is_interface_object(type.name):
        yield (
            Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
            "an interface object's field cannot be moved.",
        )
    if type.fields[name].has("external"):
        yield (
            Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
            "what is @external is not resolved here, so it takes nothing over.",
        )
    if applied.text("from") == member.name:
        yield Code.OVERRIDE_FROM_SELF_ERROR, f'"{member.name}" is this subgraph itself.'
    label = applied.text("label")
    if label is not None and not (_LABEL.match(label) or _PERCENT.match(label)):
        yield (
            Code.OVERRIDE_LABEL_INVALID,
            f'the label "{label}" is neither a name nor like percent(10).',
        )
