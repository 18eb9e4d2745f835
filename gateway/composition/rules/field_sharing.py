"""A field that several subgraphs resolve is shareable in each of them."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation, FieldSource
from gateway.composition.member import Member


def check_field_sharing(federation: Federation) -> Iterator[CompositionError]:
    """INVALID_FIELD_SHARING."""
    for type_name in federation.type_names:
        if federation.is_interface(type_name):
            yield from _interface_object(federation, type_name)
            continue
        for name in federation.field_names(type_name):
            sources = _resolving(federation.field_sources(type_name, name))
            members = [source.member for source in sources]
            members += federation.of_interface_objects(type_name, name)
            selfish = [
                source
                for source in sources
                if not source.is_external and not source.member.is_shareable(type_name, name)
            ]
            if selfish and len(members) > 1:
                yield _refused(f"{type_name}.{name}", members, selfish[0])


def _interface_object(federation: Federation, type_name: str) -> Iterator[CompositionError]:
    for name in federation.field_names(type_name):
        sources = [
            source
            for source in _resolving(federation.field_sources(type_name, name))
            if source.member.is_interface_object(type_name)
        ]
        selfish = [s for s in sources if not s.member.is_shareable(type_name, name)]
        if selfish and len(sources) > 1:
            yield _refused(f"{type_name}.{name}", [s.member for s in sources], selfish[0])


def _resolving(sources: list[FieldSource]) -> list[FieldSource]:
    """What is external is resolved only where it is provided, and that is to share it."""
    return [
        source
        for source in sources
        if source.overridden is None
        and not (
            source.is_external and (source.type, source.field.name) not in source.member.provided
        )
    ]


def _refused(coordinate: str, members: list[Member], selfish: FieldSource) -> CompositionError:
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(member.name for member in members))
    return selfish.member.error(
        Code.INVALID_FIELD_SHARING,
        f"{coordinate} is resolved by {names} and is not @shareable here.",
        coordinate,
        selfish.field.line,
    )
