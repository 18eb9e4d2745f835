"""Labels of progressive @override: which are active for one request.

A label is a name that the operator switches on, or `percent(n)`: active for n of 100 requests.
https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/migrate-fields
"""

import random
import re
from collections.abc import Callable, Iterable
from typing import Final

from gateway.errors import InvalidSupergraph
from gateway.supergraph.model import Supergraph

_PERCENT: Final = re.compile(r"percent\((\d{1,3}(?:\.\d{1,8})?)\)")


class Labels:
    """The labels of one supergraph.

    `switched_on` are the names that are active for every request. `draw` gives a number from 0
    up to 1 for each request: all its percentages are compared with the same one, so that a
    label of more per cent is active whenever one of less is. Raises `InvalidSupergraph` for a
    percentage that is none.
    """

    def __init__(
        self,
        supergraph: Supergraph,
        switched_on: Iterable[str] = (),
        draw: Callable[[], float] = random.random,
    ) -> None:
        names = _names(supergraph)
        self._percentages = {
            name: _percentage(name) for name in names if name.startswith("percent(")
        }
        self._fixed = names.intersection(switched_on).difference(self._percentages)
        self._draw = draw

    def active(self) -> frozenset[str]:
        """Those of the next request."""
        if not self._percentages:
            return self._fixed
        drawn = self._draw() * 100
        return self._fixed.union(
            name for name, percentage in self._percentages.items() if drawn < percentage
        )


def _names(supergraph: Supergraph) -> frozenset[str]:
    return frozenset(
        field.label.name
        for subgraph in supergraph.subgraphs.values()
        for type in subgraph.types.values()
        for field in type.fields.values()
        if field.label is not None
    )


def _percentage(label: str) -> float:
    match = _PERCENT.fullmatch(label)
    if match is None or float(match[1]) > 100:
        raise InvalidSupergraph(f"`{label}` is no label of @override: percent() takes 0 to 100.")
    return float(match[1])
