"""An external field is resolved by somebody."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation


def check_external_bases(federation: Federation) -> Iterator[CompositionError]:
    """EXTERNAL_MISSING_ON_BASE."""
    for type_name in federation.type_names:
        for name in federation.field_names(type_name):
            sources = federation.field_sources(type_name, name)
            is_resolved = any(not source.is_external for source in sources)
            if not is_resolved and not federation.of_interface_objects(type_name, name):
                coordinate = f"{type_name}.{name}"
                yield sources[0].member.error(
                    Code.EXTERNAL_MISSING_ON_BASE,
                    f"{coordinate} is @external in every subgraph that has it.",
                    coordinate,
                    sources[0].field.line,
                )
