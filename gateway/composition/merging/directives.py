"""The directives that clients may use in operations: those that every member defines."""

from collections.abc import Sequence

from gateway.composition.federation import Federation
from gateway.composition.merging.annotations import merge_description
from gateway.composition.merging.inputs import merge_input_value
from gateway.composition.schema.model import EXECUTABLE_LOCATIONS, DirectiveDefinition


def merge_executable_directives(federation: Federation) -> dict[str, DirectiveDefinition]:
    """By name; at the places and with the arguments that every member allows."""
    merged = {}
    for name in federation.members[0].schema.directives:
        definitions = [
            member.schema.directives[name]
            for member in federation.members
            if name in member.schema.directives
        ]
        locations = _common_locations(definitions)
        if len(definitions) == len(federation.members) and locations:
            merged[name] = _merge(federation, definitions, locations)
    return merged


def _common_locations(definitions: Sequence[DirectiveDefinition]) -> tuple[str, ...]:
    return tuple(
        location
        for location in definitions[0].locations
        if location in EXECUTABLE_LOCATIONS
        and all(location in one.locations for one in definitions)
    )


def _merge(
    federation: Federation, definitions: Sequence[DirectiveDefinition], locations: tuple[str, ...]
) -> DirectiveDefinition:
    names = [
        name
        for name in definitions[0].arguments
        if all(name in definition.arguments for definition in definitions)
    ]
    return DirectiveDefinition(
        name=definitions[0].name,
        description=merge_description(definitions),
        arguments={
            name: merge_input_value(federation, [one.arguments[name] for one in definitions])
            for name in names
        },
        locations=locations,
        is_repeatable=all(definition.is_repeatable for definition in definitions),
    )
