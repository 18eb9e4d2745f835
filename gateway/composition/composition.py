"""Subgraphs to a supergraph: read, check, merge, check again, print."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gateway.composition.errors import CompositionError, CompositionRefused, Hint
from gateway.composition.federation import Federation
from gateway.composition.hints import give_hints
from gateway.composition.identifiers import graph_identifiers
from gateway.composition.machinery import with_machinery
from gateway.composition.member import Member
from gateway.composition.merging.merged import Merged, merge
from gateway.composition.reading.federation_one import unused_types, upgrade
from gateway.composition.reading.reader import read_subgraph
from gateway.composition.rules.catalogue import FEDERATION_RULES, MEMBER_RULES, MERGED_RULES
from gateway.composition.rules.root_fields import root_field_rule
from gateway.composition.rules.subgraph_names import check_subgraph_names
from gateway.composition.rules.validity import check_validity
from gateway.composition.satisfiability.satisfiability import check_satisfiability
from gateway.composition.schema.printer import print_schema
from gateway.composition.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class Composition:
    """A supergraph, or every reason against it; hints come with a supergraph."""

    supergraph_sdl: str | None
    errors: tuple[CompositionError, ...] = ()
    hints: tuple[Hint, ...] = ()


def compose(
    subgraphs: Sequence[Subgraph], *, public_roots: Collection[str] | None = None
) -> Composition:
    """One supergraph of all subgraphs.

    With `public_roots`, coordinates like "Query.me", every other root field must carry an
    authorization directive, its own or its root type's.
    """
    try:
        federation = Federation(_checked(_members(subgraphs)))
        _refuse(error for rule in FEDERATION_RULES for error in rule(federation))
        merged = merge(federation)
        _refuse(_merged_errors(merged, public_roots))
        _refuse(check_validity(merged))
        satisfiability = check_satisfiability(merged)
        _refuse(satisfiability.errors)
    except CompositionRefused as error:
        return Composition(None, error.errors)
    schema = with_machinery(merged.schema, federation.members)
    return Composition(print_schema(schema), hints=(*give_hints(merged), *satisfiability.hints))


def _members(subgraphs: Sequence[Subgraph]) -> list[Member]:
    """Every subgraph's faults are told, not only the first one's."""
    _refuse(check_subgraph_names(subgraphs))
    identifiers = graph_identifiers([subgraph.name for subgraph in subgraphs])
    errors: list[CompositionError] = []
    members = []
    for subgraph in subgraphs:
        try:
            members.append(read_subgraph(subgraph, identifiers[subgraph.name]))
        except CompositionRefused as error:
            errors.extend(error.errors)
    _refuse(errors)
    return members


def _checked(members: Sequence[Member]) -> tuple[Member, ...]:
    _refuse(unused_types(members))
    upgraded = upgrade(members)
    _refuse(error for rule in MEMBER_RULES for member in upgraded for error in rule(member))
    return upgraded


def _merged_errors(
    merged: Merged, public_roots: Collection[str] | None
) -> Iterable[CompositionError]:
    rules = list(MERGED_RULES)
    if public_roots is not None:
        rules.append(root_field_rule(public_roots))
    return (error for rule in rules for error in rule(merged))


def _refuse(errors: Iterable[CompositionError]) -> None:
    found = tuple(errors)
    if found:
        raise CompositionRefused(found)
