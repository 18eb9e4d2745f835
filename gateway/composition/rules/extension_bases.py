"""A type that is extended is defined somewhere."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation

_ROOTS = ("Query", "Mutation", "Subscription")


def check_extension_bases(federation: Federation) -> Iterator[CompositionError]:
    """EXTENSION_WITH_NO_BASE."""
    for name in federation.type_names:
        sources = federation.sources(name)
        if name in _ROOTS or not sources:
            continue
        if all(type.is_extension for _, type in sources):
            member, type = sources[0]
            yield member.error(
                Code.EXTENSION_WITH_NO_BASE,
                f"{name} is extended, but no subgraph defines it.",
                name,
                type.line,
            )
