"""The directives that clients may use in operations: those that every member defines."""

from collections.abc import Iterator, Sequence

from gateway.composition.federation import Federation
from gateway.composition.merging.annotations import merge_description
from gateway.composition.merging.inputs import merge_input_value
from gateway.composition.schema.model import EXECUTABLE_LOCATIONS, DirectiveDefinition


def merge_executable_directives(federation: Federation) -> dict[str, DirectiveDefinition]:
    """By name; at the places and with the arguments that every member allows."""
    return {
        definitions[0].name: _merge(federation, definitions)
        for definitions in executable_definitions(federation)
    }


def executable_definitions(federation: Federation) -> Iterator[list[DirectiveDefinition]]:
    """Each directive that can be used everywhere, as the members define it, in their order."""
    for name in federation.members[0].schema.directives:
        definitions = [
            member.schema.directives[name]
            for member in federation.members
            if name in member.schema.directives
        ]
        if len(definitions) == len(federation.members) and _common_locations(definitions):
            yield definitions


def _common_locations(definitions: Sequence[DirectiveDefinition]) -> tuple[str, ...]:
    return tuple(
        location
        for location in definitions[0].locations
        if location in EXECUTABLE_LOCATIONS
        and all(location in one.locations for one in definitions)
    )


def _merge(
    federation: Federation, definitions: Sequence[DirectiveDefinition]
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
        locations=_common_locations(definitions),
        is_repeatable=all(definition.is_repeatable for definition in definitions),
    )
