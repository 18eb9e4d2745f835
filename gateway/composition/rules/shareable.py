"""`@shareable` stands where it can mean something."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.model import InterfaceType


def check_shareable(member: Member) -> Iterator[CompositionError]:
    """INVALID_SHAREABLE_USAGE: interfaces resolve nothing, and nobody merges subscriptions."""
    for type in member.schema.composites():
        for field in type.fields.values():
            for again in list(field.applied("shareable"))[1:]:
                yield member.error(
                    Code.INVALID_SHAREABLE_USAGE,
                    f"{type.name}.{field.name} is @shareable already.",
                    f"{type.name}.{field.name}",
                    again.line,
                )
            for applied in field.applied("shareable"):
                coordinate = f"{type.name}.{field.name}"
                if isinstance(type, InterfaceType):
                    yield member.error(
                        Code.INVALID_SHAREABLE_USAGE,
                        f"{coordinate} is an interface's field: only object types resolve fields.",
                        coordinate,
                        applied.line,
                    )
                elif type.name == "Subscription":
                    yield member.error(
                        Code.INVALID_FIELD_SHARING,
                        f"{coordinate} is a subscription: two subgraphs cannot share it.",
                        coordinate,
                        applied.line,
                    )
