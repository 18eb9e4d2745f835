"""What clients send: only what every member takes."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.composition.federation import Federation
from gateway.composition.merging.annotations import (
    merge_custom,
    merge_description,
    merge_directives,
)
from gateway.composition.merging.join import join_input_fields
from gateway.composition.schema.model import Default, InputType, InputValue
from gateway.composition.schema.type_ref import narrowest


def merge_inputs(federation: Federation, type_name: str) -> dict[str, InputValue]:
    """An input type's fields by name. A field that clients cannot send is kept for its subgraph."""
    sources = [
        (member, definition.fields)
        for member, definition in federation.sources(type_name)
        if isinstance(definition, InputType)
    ]
    merged = {}
    for name in dict.fromkeys(name for _, fields in sources for name in fields):
        having = [(member, fields[name]) for member, fields in sources if name in fields]
        is_everywhere = len(having) == len(sources)
        if is_everywhere or any(field.has("inaccessible") for _, field in having):
            value = merge_input_value(federation, [field for _, field in having])
            joins = join_input_fields(having, value.type, is_everywhere=is_everywhere)
            merged[name] = replace(value, directives=(*joins, *value.directives))
    return merged


def merge_input_value(federation: Federation, values: Sequence[InputValue]) -> InputValue:
    """The narrowest type: what one member refuses, no client may send."""
    types = [value.type for value in values]
    return InputValue(
        name=values[0].name,
        description=merge_description(values),
        directives=merge_directives(values),
        custom=merge_custom(values),
        type=narrowest(types, federation.is_subtype) or types[0],
        default=_default(values),
    )


def _default(values: Sequence[InputValue]) -> Default | None:
    """A default holds only if it is everyone's."""
    first = values[0].default
    return first if all(value.default == first for value in values) else None
