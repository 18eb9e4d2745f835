"""`@shareable` stands where it can mean something."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.model import InterfaceType


def check_shareable(member: Member) -> Iterator[CompositionError]:
    """INVALID_SHAREABLE_USAGE: interfaces resolve nothing; and nobody merges subscriptions."""
    for type in member.schema.composites():
        for field in type.fields.values():
            for number, applied in enumerate(field.applied("shareable")):
                coordinate = f"{type.name}.{field.name}"
                if number > 0:
                    code, reason = Code.INVALID_SHAREABLE_USAGE, "is @shareable already"
                elif isinstance(type, InterfaceType):
                    code, reason = Code.INVALID_SHAREABLE_USAGE, "is resolved by object types"
                elif type.name == "Subscription":
                    code, reason = Code.INVALID_FIELD_SHARING, "is a stream of one subgraph"
                else:
                    continue
                yield member.error(
                    code,
                    f"{coordinate} cannot be @shareable: it {reason}.",
                    coordinate,
                    applied.line,
                )
