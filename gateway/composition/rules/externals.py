"""What is external is so for a reason, and says nothing that its owner should say."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.model import Field, InterfaceType, ObjectType

_CONTRADICTING = ("provides",)
_MERGED = (
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "listSize",
)


def check_externals(member: Member) -> Iterator[CompositionError]:
    """EXTERNAL_UNUSED, EXTERNAL_ON_INTERFACE, EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE, and
    MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL.
    """
    for type in member.schema.composites():
        for field in type.fields.values():
            if field.has("external"):
                yield from _check(member, type, field)


def _check(
    member: Member, type: ObjectType | InterfaceType, field: Field
) -> Iterator[CompositionError]:
    coordinate = f"{type.name}.{field.name}"
    if isinstance(type, InterfaceType):
        yield member.error(
            Code.EXTERNAL_ON_INTERFACE,
            f"{coordinate} is an interface's field: it cannot be @external.",
            coordinate,
            field.line,
        )
    yield from _collisions(member, field, coordinate)
    place = (type.name, field.name)
    if place in member.external and place not in member.used:
        yield member.error(
            Code.EXTERNAL_UNUSED,
            f"{coordinate} is @external, but no @key, @requires, @provides or interface uses it.",
            coordinate,
            field.line,
        )


def _collisions(member: Member, field: Field, coordinate: str) -> Iterator[CompositionError]:
    for code, names in (
        (Code.EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE, _CONTRADICTING),
        (Code.MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL, _MERGED),
    ):
        for name in names:
            for applied in field.applied(name):
                yield member.error(
                    code,
                    f"{coordinate} is @external: @{name} belongs where it is resolved.",
                    coordinate,
                    applied.line,
                )
