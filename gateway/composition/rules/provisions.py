"""Provisions name fields of what a field returns, which other subgraphs resolve elsewhere."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.rules.field_sets import FieldSetCheck
from gateway.composition.schema.model import Applied, Field, InterfaceType, ObjectType, UnionType
from gateway.composition.schema.type_ref import named_type


def check_provisions(member: Member) -> Iterator[CompositionError]:
    """PROVIDES_INVALID_FIELDS and its kin, PROVIDES_ON_NON_OBJECT_FIELD."""
    for type in member.schema.composites():
        for field in type.fields.values():
            for applied in field.applied("provides"):
                yield from _check(member, type, field, applied)


def _check(
    member: Member, type: ObjectType | InterfaceType, field: Field, applied: Applied
) -> Iterator[CompositionError]:
    coordinate = f"{type.name}.{field.name}"
    returned = named_type(field.type)
    definition = member.schema.types.get(returned)
    if isinstance(type, InterfaceType):
        yield member.error(
            Code.PROVIDES_UNSUPPORTED_ON_INTERFACE,
            f"{coordinate} is an interface's field: it cannot have @provides.",
            coordinate,
            applied.line,
        )
    if not isinstance(definition, ObjectType | InterfaceType | UnionType):
        yield member.error(
            Code.PROVIDES_ON_NON_OBJECT_FIELD,
            f"{coordinate} returns {returned}, which has no fields to provide.",
            coordinate,
            applied.line,
        )
    else:
        yield from FieldSetCheck(member, applied, returned, coordinate).errors()
