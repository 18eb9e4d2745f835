"""Who may read a field may read what it is computed from."""

from collections.abc import Iterator

from graphql import SelectionSetNode

from gateway.composition.authorization import Demand
from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import selected_fields
from gateway.composition.member import Member, field_sets
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.model import Field
from gateway.composition.schema.type_ref import named_type


def check_required_data(merged: Merged) -> Iterator[CompositionError]:
    """MISSING_TRANSITIVE_AUTH_REQUIREMENTS, for `@requires` and for `@fromContext`.

    A requirement's own requirements need no look: it must itself demand what they demand.
    """
    for member in merged.federation.members:
        for type in member.schema.composites():
            for field in type.fields.values():
                coordinate = f"{type.name}.{field.name}"
                held = _demand_of_field(merged, type.name, field.name)
                for source, demand in _sources(merged, member, type.name, field):
                    if not held.implies(demand):
                        yield member.error(
                            Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS,
                            f"{coordinate} is computed from {source}, so it must demand the same "
                            "rights.",
                            coordinate,
                            field.line,
                        )


def _sources(
    merged: Merged, member: Member, type_name: str, field: Field
) -> Iterator[tuple[str, Demand]]:
    for selections in field_sets(field, "requires"):
        yield from _selected(merged, type_name, selections)
    for setter, selections in member.context_selections(field):
        yield setter, Demand.of(merged.schema.types.get(setter))
        yield from _selected(merged, setter, selections)


def _selected(
    merged: Merged, type_name: str, selections: SelectionSetNode
) -> Iterator[tuple[str, Demand]]:
    for place in selected_fields(merged.schema, type_name, selections, of_implementers=True):
        yield ".".join(place), _demand_of_field(merged, *place)


def _demand_of_field(merged: Merged, type_name: str, field_name: str) -> Demand:
    """Of the field, of the type that it is on, and of the type that it returns."""
    type = merged.schema.composite(type_name)
    field = type.fields.get(field_name) if type is not None else None
    returned = merged.schema.types.get(named_type(field.type)) if field is not None else None
    return Demand.of(type, field, returned)
