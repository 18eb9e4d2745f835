"""The values of an enum: by where the enum stands, all of them or only the common ones."""

from typing import Any

from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.annotations import (
    merge_custom,
    merge_description,
    merge_directives,
)
from gateway.composition.merging.join import join_enum_value
from gateway.composition.schema.model import Element, EnumType


def merge_enum(federation: Federation, name: str, shared: dict[str, Any]) -> EnumType:
    """A value that some member does not know may be answered, but not sent."""
    sources = enum_sources(federation, name)
    names = dict.fromkeys(value for _, enum in sources for value in enum.values)
    is_only_sent = name in federation.sent_types and name not in federation.answered_types
    values = {}
    for value in names:
        having = [(member, enum.values[value]) for member, enum in sources if value in enum.values]
        elements = [element for _, element in having]
        is_hidden = any(element.has("inaccessible") for element in elements)
        if len(having) == len(sources) or not is_only_sent or is_hidden:
            joins = tuple(join_enum_value(member) for member, _ in having)
            values[value] = Element(
                name=value,
                description=merge_description(elements),
                directives=(*joins, *merge_directives(elements)),
                custom=merge_custom(elements),
            )
    return EnumType(**shared, values=values)


def enum_sources(federation: Federation, name: str) -> list[tuple[Member, EnumType]]:
    """The members that have the enum, each with what it has."""
    return [
        (member, definition)
        for member, definition in federation.sources(name)
        if isinstance(definition, EnumType)
    ]
