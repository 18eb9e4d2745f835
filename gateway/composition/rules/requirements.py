"""Requirements name fields that other subgraphs resolve."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.rules.field_sets import FieldSetCheck
from gateway.composition.schema.model import InterfaceType


def check_requirements(member: Member) -> Iterator[CompositionError]:
    """REQUIRES_INVALID_FIELDS and its kin, REQUIRES_UNSUPPORTED_ON_INTERFACE."""
    for type in member.schema.composites():
        for field in type.fields.values():
            coordinate = f"{type.name}.{field.name}"
            for applied in field.applied("requires"):
                if isinstance(type, InterfaceType):
                    yield member.error(
                        Code.REQUIRES_UNSUPPORTED_ON_INTERFACE,
                        f"{coordinate} is an interface's field: it cannot have @requires.",
                        coordinate,
                        applied.line,
                    )
                yield from FieldSetCheck(member, applied, type.name, coordinate).errors()
