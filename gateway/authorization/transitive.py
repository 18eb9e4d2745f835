"""What fields are computed from: who may not read that may not read them.

Composition demands as much of the schema. A supergraph that was composed elsewhere is held to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gateway.authorization.coordinates import coordinates_of
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Selection
from gateway.operation.types import possible_types
from gateway.supergraph.model import ContextArgument, SubgraphField, SubgraphType

Coordinate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A field that another is computed from; `near` when it is one of the same object."""

    coordinate: Coordinate
    near: bool


def sources(graph: QueryGraph) -> dict[Coordinate, frozenset[Source]]:
    """All that each field of an object type is computed from, over any number of steps."""
    direct: dict[Coordinate, set[Source]] = defaultdict(set)
    for subgraph in graph.supergraph.subgraphs.values():
        for type in subgraph.types.values():
            for field in type.fields.values():
                for owner, source in _direct(graph, type, field):
                    direct[owner, field.name].add(source)
    return {coordinate: frozenset(_all(coordinate, direct)) for coordinate in direct}


def _direct(
    graph: QueryGraph, type: SubgraphType, field: SubgraphField
) -> Iterator[tuple[str, Source]]:
    if field.requires is None and not field.contexts:
        return
    schema = graph.supergraph.schema
    for owner in possible_types(type.name, schema):
        if field.requires is not None:
            selections = graph.field_set(owner, field.requires)
            near = set(_plain(selections, owner))
            for found in coordinates_of(selections, schema):
                yield owner, Source(found, found in near)
        for argument in field.contexts:
            for found in _of_context(graph, argument):
                yield owner, Source(found, near=False)


def _of_context(graph: QueryGraph, argument: ContextArgument) -> Iterator[Coordinate]:
    schema = graph.supergraph.schema
    for name in graph.supergraph.contexts.get(argument.context, ()):
        for type in possible_types(name, schema):
            yield from coordinates_of(graph.field_set(type, argument.selection), schema)


def _plain(selections: Iterable[Selection], owner: str) -> Iterator[Coordinate]:
    """What is asked of the object itself, without arguments."""
    for each in selections:
        if isinstance(each, Field) and not each.arguments.text:
            yield owner, each.name


def _all(coordinate: Coordinate, direct: Mapping[Coordinate, Iterable[Source]]) -> Iterator[Source]:
    """Sources of near ones are near: they are of the same object."""
    seen: set[Source] = set()
    left = [*direct[coordinate]]
    while left:
        source = left.pop()
        if source in seen:
            continue
        seen.add(source)
        yield source
        further = direct.get(source.coordinate, ())
        left += [Source(each.coordinate, source.near and each.near) for each in further]
