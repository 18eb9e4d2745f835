"""A field that is taken over can be: nobody else wants it, and nothing hangs on it."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation, FieldSource, Override
from gateway.composition.schema.model import Field


def check_taken_over_fields(federation: Federation) -> Iterator[CompositionError]:
    """OVERRIDE_SOURCE_HAS_OVERRIDE, OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE."""
    for (type_name, name), overrides in federation.overrides.items():
        sources = federation.field_sources(type_name, name)
        fields = {source.member.name: source.field for source in sources}
        for override in overrides:
            yield from _check(f"{type_name}.{name}", override, fields)
    for type_name in federation.type_names:
        for name in federation.field_names(type_name):
            for source in federation.field_sources(type_name, name):
                yield from _abstracted(federation, source)


def _abstracted(federation: Federation, source: FieldSource) -> Iterator[CompositionError]:
    """An interface object resolves the field for all implementers, or for none."""
    coordinate = f"{source.type}.{source.field.name}"
    for member in federation.of_interface_objects(source.type, source.field.name):
        if member.name == source.overrides_from:
            yield source.member.error(
                Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
                f'{coordinate} cannot be taken over: "{member.name}" has an interface object.',
                coordinate,
                source.field.line,
            )


def _check(
    coordinate: str, override: Override, fields: dict[str, Field]
) -> Iterator[CompositionError]:
    by, of = override.by, override.of
    if fields[of.name].has("override"):
        yield by.error(
            Code.OVERRIDE_SOURCE_HAS_OVERRIDE,
            f'{coordinate} is taken over from "{of.name}", which takes it over itself.',
            coordinate,
            fields[by.name].line,
        )
    for name in ("provides", "requires"):
        if fields[of.name].has(name):
            yield by.error(
                Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
                f'{coordinate} cannot be taken over: in "{of.name}" it has @{name}.',
                coordinate,
                fields[by.name].line,
            )
