"""By what policies know an object: the simplest of its entity keys."""

from functools import lru_cache
from typing import Final

from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Selection

_MOST_KEPT: Final = 4_096


class Keys:
    """The keys of one supergraph's entities."""

    def __init__(self, graph: QueryGraph) -> None:
        self._graph = graph
        self.of = lru_cache(_MOST_KEPT)(self._of)

    def _of(self, type: str) -> tuple[Selection, ...]:
        """The selections of an object type's key; nothing for one that is no entity."""
        found = {
            key.fields
            for subgraph in self._graph.supergraph.subgraphs.values()
            if (declared := subgraph.types.get(type)) is not None
            for key in declared.keys
        }
        if not found:
            return ()
        return self._graph.field_set(type, min(found, key=_complexity))


def _complexity(fields: str) -> tuple[int, int, str]:
    return fields.count("{"), len(fields.split()), fields
