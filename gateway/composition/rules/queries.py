"""There is something to ask."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation


def check_queries(federation: Federation) -> Iterator[CompositionError]:
    """NO_QUERIES."""
    if not federation.field_names("Query"):
        yield CompositionError(Code.NO_QUERIES, "No subgraph has a root query field.")
