"""Subgraphs to a supergraph: read, check, merge, check again, print."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gateway.composition.errors import CompositionError, Hint, InvalidSubgraph
from gateway.composition.federation import Federation
from gateway.composition.identifiers import graph_identifiers
from gateway.composition.machinery import with_machinery
from gateway.composition.member import Member
from gateway.composition.merging.directives import merge_executable_directives
from gateway.composition.merging.types import merge_types
from gateway.composition.reading.reader import read_subgraph
from gateway.composition.schema.model import Schema
from gateway.composition.schema.printer import print_schema
from gateway.composition.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class Composition:
    """A supergraph, or every reason against it; hints come with either."""

    supergraph_sdl: str | None
    errors: tuple[CompositionError, ...] = ()
    hints: tuple[Hint, ...] = ()


def compose(
    subgraphs: Sequence[Subgraph], *, public_roots: Collection[str] | None = None
) -> Composition:
    """One supergraph of all subgraphs.

    With `public_roots`, coordinates like "Query.me", every other root field must carry an
    authorization directive, its own or its type's.
    """
    try:
        members = _read(subgraphs)
    except InvalidSubgraph as error:
        return Composition(None, error.errors)
    federation = Federation(members)
    schema = _merge(federation)
    return Composition(print_schema(with_machinery(schema, members)))


def _read(subgraphs: Sequence[Subgraph]) -> tuple[Member, ...]:
    identifiers = graph_identifiers(subgraph.name for subgraph in subgraphs)
    errors: list[CompositionError] = []
    members = []
    for subgraph in subgraphs:
        try:
            members.append(read_subgraph(subgraph, identifiers[subgraph.name]))
        except InvalidSubgraph as error:
            errors.extend(error.errors)
    if errors:
        raise InvalidSubgraph(errors)
    return tuple(members)


def _merge(federation: Federation) -> Schema:
    return Schema(types=merge_types(federation), directives=merge_executable_directives(federation))
