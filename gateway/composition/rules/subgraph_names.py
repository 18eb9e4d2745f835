"""Subgraphs have names, each its own."""

from collections.abc import Iterator, Sequence

from gateway.composition.errors import Code, CompositionError
from gateway.composition.subgraph import Subgraph


def check_subgraph_names(subgraphs: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """INVALID_SUBGRAPH_NAME."""
    seen = set()
    for name in (subgraph.name for subgraph in subgraphs):
        if not any(character.isascii() and character.isalnum() for character in name):
            yield CompositionError(
                Code.INVALID_SUBGRAPH_NAME, f'"{name}" is no name for a subgraph.', name
            )
        if name in seen:
            yield CompositionError(
                Code.INVALID_SUBGRAPH_NAME, f'Two subgraphs are called "{name}".', name
            )
        seen.add(name)
