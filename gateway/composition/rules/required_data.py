"""Who may read a field may read what it is computed from."""

from collections.abc import Iterator

from gateway.composition.authorization import Demand
from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import selected_fields
from gateway.composition.member import field_sets
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.type_ref import named_type


def check_required_data(merged: Merged) -> Iterator[CompositionError]:
    """MISSING_TRANSITIVE_AUTH_REQUIREMENTS."""
    for member in merged.federation.members:
        for type in member.schema.composites():
            for field in type.fields.values():
                held = _demand(merged, type.name, field.name)
                for selections in field_sets(field, "requires"):
                    for place in selected_fields(
                        merged.schema, type.name, selections, of_implementers=True
                    ):
                        if not held.implies(_demand(merged, *place)):
                            yield member.error(
                                Code.MISSING_TRANSITIVE_AUTH_REQUIREMENTS,
                                f"{type.name}.{field.name} is computed from {'.'.join(place)}, "
                                "so it must demand the same rights.",
                                f"{type.name}.{field.name}",
                                field.line,
                            )


def _demand(merged: Merged, type_name: str, field_name: str) -> Demand:
    """Of the field, of the type that it is on, and of the type that it returns."""
    type = merged.schema.composite(type_name)
    field = type.fields.get(field_name) if type is not None else None
    returned = merged.schema.types.get(named_type(field.type)) if field is not None else None
    return Demand.of(type, field, returned)
