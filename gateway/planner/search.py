"""The search for a way to answer every selection, with as few requests as can be found.

At each object the search knows one place that answers it and the entries by which the same
object can be reached elsewhere. What an entry's key or a field's @requires asks for is searched
in the same manner, from the same place: chains of moves follow from that. What is being
searched for already is excluded, so the search ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from graphql import OperationType

from gateway.errors import PlanTooComplex
from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph, is_active
from gateway.operation.model import Field, Fragment, Selection
from gateway.operation.normalise import TYPENAME
from gateway.operation.selections import merged, of_type, split
from gateway.planner.choice import Option, choose
from gateway.planner.solution import Cost, Hop, Need, Routed, Solution, total

#: Entries by key, as (subgraph, type), and fields with @requires, as (subgraph, type, field).
Excluded = frozenset[tuple[str, ...]]

_NOTHING: Final[Excluded] = frozenset()


class Search:
    """One operation's search. Raises `PlanTooComplex` when `budget` steps are not enough."""

    def __init__(self, graph: QueryGraph, labels: frozenset[str], budget: int) -> None:
        self._graph = graph
        self._labels = labels
        self._left = budget
        self._known: dict[tuple[Place, int, Excluded], Solution] = {}
        self._held: list[Sequence[Selection]] = []  # keeps the ids in `_known` from reuse

    def root(self, kind: OperationType, fields: Sequence[Field]) -> Solution:
        """Root fields, each from one of the subgraphs that have it."""
        entries = self._graph.roots(kind)
        options = [list(self._through_roots(field, entries)) for field in fields]
        return self._assembled(self._graph.supergraph.roots[kind], None, fields, options)

    def solve(
        self, place: Place, selections: Sequence[Selection], excluded: Excluded = _NOTHING
    ) -> Solution:
        """What a value at `place` is asked for."""
        key = (place, id(selections), excluded)
        known = self._known.get(key)
        if known is None:
            self._spend()
            self._held.append(selections)
            known = self._known[key] = self._solve(place, selections, excluded)
        return known

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise PlanTooComplex("This operation has too many ways to be answered: ask for less.")

    def _solve(self, place: Place, selections: Sequence[Selection], excluded: Excluded) -> Solution:
        if self._graph.is_abstract(place):
            return self._abstract(place, selections, excluded)
        if self._graph.type(place).interface_object:
            return self._of_interface_object(place, selections, excluded)
        return self._of_object(place, selections, excluded)

    def _of_object(
        self, place: Place, selections: Sequence[Selection], excluded: Excluded
    ) -> Solution:
        fields = of_type(selections, place.type)
        options = [list(self._options(place, field, excluded)) for field in fields]
        return self._assembled(place.type, place, fields, options)

    def _abstract(
        self, place: Place, selections: Sequence[Selection], excluded: Excluded
    ) -> Solution:
        """Fields that all types answer stay together, the others are asked of each type."""
        fields, typed = split(selections)
        keys = {field.key for each in typed.values() for field in each}
        local, pushed = [], []
        for field in fields:
            routed = None if field.key in keys else self._shared(place, field, excluded)
            if routed is None and field.name != TYPENAME:
                pushed.append(field)
            else:
                local.append(routed or Routed(field))
        cases = []
        for type in sorted(self._graph.type(place).possible):
            if wanted := merged([*pushed, *typed.get(type, ())]):
                cases.append((type, self.solve(self._graph.case(place, type), wanted, excluded)))
        return Solution(
            place.type,
            local=tuple(local),
            cases=tuple(cases),
            missing=tuple(
                Fragment(type, tuple(of_type(case.missing, type)))
                for type, case in cases
                if case.missing
            ),
            cost=total([*map(_cost_of, local), *(case.cost for _, case in cases)]),
        )

    def _shared(self, place: Place, field: Field, excluded: Excluded) -> Routed | None:
        if not self._graph.is_answered_by_all(place, field.name, self._labels):
            return None
        routed = self._routed(place, field, excluded)
        return None if routed.below is not None and routed.below.missing else routed

    def _of_interface_object(
        self, place: Place, selections: Sequence[Selection], excluded: Excluded
    ) -> Solution:
        """An interface object answers its fields; for the types somebody else is asked."""
        fields = [each for each in selections if not _asks_for_type(each)]
        known = self._of_object(place, fields, excluded)
        if len(fields) == len(selections):
            return known
        typed = [each for each in selections if _asks_for_type(each)]
        learned = self._learned(place, typed, excluded)
        if learned is None:
            return replace(known, missing=(*known.missing, *typed))
        return replace(
            known,
            hops=(*known.hops, learned),
            missing=known.missing + learned.inner.missing,
            cost=total([known.cost, _hop_cost(learned)]),
        )

    def _learned(self, place: Place, typed: Sequence[Selection], excluded: Excluded) -> Hop | None:
        """The hop to a subgraph that knows the types of an interface object."""
        hops = []
        for entry in self._ways(place, excluded):
            target = Place(entry.subgraph, entry.type)
            if self._graph.is_abstract(target):
                inner = self.solve(target, typed, excluded)
                hops.append(Hop(entry, (self._key(place, entry, excluded),), inner))
        return min(hops, key=lambda hop: _hop_cost(hop).weight, default=None)

    def _options(self, place: Place, field: Field, excluded: Excluded) -> Iterator[Option]:
        if self._graph.is_answered(place, field.name, self._labels):
            routed = self._routed(place, field, excluded)
            yield _option(None, (), routed)
        for entry in self._ways(place, excluded):
            target = Place(entry.subgraph, entry.type)
            required = self._required(place, target, field, excluded)
            if required is not None:
                needs = (self._key(place, entry, excluded), *required)
                yield _option(entry, needs, self._routed(target, field, excluded))

    def _through_roots(self, field: Field, entries: Sequence[Entry]) -> Iterator[Option]:
        for entry in entries:
            place = Place(entry.subgraph, entry.type)
            if self._graph.is_answered(place, field.name, self._labels):
                yield _option(entry, (), self._routed(place, field, _NOTHING))

    def _routed(self, place: Place, field: Field, excluded: Excluded) -> Routed:
        if not self._graph.is_composite(field.type):
            return Routed(field)
        below = self._graph.below(place, field.name)
        return Routed(field, self.solve(below, field.selections, excluded))

    def _ways(self, place: Place, excluded: Excluded) -> list[Entry]:
        """One entry into each other place of this object: the one whose key costs least."""
        best: dict[tuple[str, str], Entry] = {}
        for entry in self._graph.entries(place.type):
            target = (entry.subgraph, entry.type)
            if target in excluded:
                continue
            need = self._key(place, entry, excluded)
            if need.solution.missing:
                continue
            known = best.get(target)
            if known is None or _lighter(need, self._key(place, known, excluded)):
                best[target] = entry
        return list(best.values())

    def _key(self, place: Place, entry: Entry, excluded: Excluded) -> Need:
        marked = excluded | {(entry.subgraph, entry.type)}
        return Need(entry.key, self.solve(place, entry.key, marked), optional=False)

    def _required(
        self, place: Place, target: Place, field: Field, excluded: Excluded
    ) -> tuple[Need, ...] | None:
        """What the target's field requires; None when it cannot be asked there."""
        there = self._graph.field(target, field.name)
        if there is None or there.external or not is_active(there, self._labels):
            return None
        if self._graph.is_abstract(target):
            answered = self._graph.is_answered_by_all(target, field.name, self._labels)
            return () if answered else None
        if there.requires is None:
            # Where the object is already, only @requires gives a reason to come again.
            return None if target.subgraph == place.subgraph else ()
        mark = (target.subgraph, target.type, field.name)
        if mark in excluded:
            return None
        selections = self._graph.field_set(target.type, there.requires)
        solution = self.solve(place, selections, excluded | {mark})
        return None if solution.missing else (Need(selections, solution, optional=True),)

    def _assembled(
        self,
        type: str,
        origin: Place | None,
        fields: Sequence[Field],
        options: Sequence[list[Option]],
    ) -> Solution:
        """The best choice as a solution. What one way leaves missing may be found on another."""
        missing: list[Selection] = [f for f, each in zip(fields, options, strict=True) if not each]
        possible = [each for each in options if each]
        chosen = list(choose(possible))
        for option, each in zip(tuple(chosen), possible, strict=True):
            if option.missing:
                found, still = self._completed(option, each, origin)
                chosen.extend(found)
                missing.extend(still)
        return Solution(
            type,
            local=tuple(option.routed for option in chosen if option.entry is None),
            hops=tuple(_hops(chosen)),
            missing=tuple(missing),
            cost=total(option.cost for option in chosen),
        )

    def _completed(
        self, option: Option, others: Sequence[Option], origin: Place | None
    ) -> tuple[list[Option], tuple[Selection, ...]]:
        """The same field asked elsewhere too, for what is missing.

        Only an object can be put together from several answers: of an interface nobody knows
        that they are answers about the same thing.
        """
        found: list[Option] = []
        [missing] = option.missing
        assert isinstance(missing, Field)
        if not self._graph.is_object(missing.type):
            return found, (missing,)
        for other in others:
            if other is option:
                continue
            entry = other.entry
            place = Place(entry.subgraph, entry.type) if entry is not None else origin
            assert place is not None  # only the root has no place, and is entered everywhere
            routed = self._routed(place, missing, _NOTHING)
            completed = _option(other.entry, other.needs, routed)
            if completed.missing != (missing,):
                found.append(completed)
            if not completed.missing:
                return found, ()
            [remaining] = completed.missing
            assert isinstance(remaining, Field)
            missing = remaining
        return found, (missing,)


def _option(entry: Entry | None, needs: tuple[Need, ...], routed: Routed) -> Option:
    below = routed.below
    missing: tuple[Selection, ...] = ()
    if below is not None and below.missing:
        missing = (replace(routed.field, selections=below.missing),)
    cost = _cost_of(routed)
    if entry is not None:
        cost = _through(entry, needs, cost)
    return Option(entry, needs, routed, missing, cost)


def _through(entry: Entry, needs: Sequence[Need], inner: Cost) -> Cost:
    """What it costs to come in by an entry and go on from there."""
    before = total(need.solution.cost for need in needs)
    at = before.rounds
    here = Cost(frozenset({(at, entry.subgraph)}))
    return total([before, here, inner.later(at + 1)])


def _hops(chosen: Sequence[Option]) -> Iterator[Hop]:
    """One hop for all that is asked through the same entry."""
    together: dict[Entry, list[Option]] = {}
    for option in chosen:
        if option.entry is not None:
            together.setdefault(option.entry, []).append(option)
    for entry, options in together.items():
        needs = {id(need.selections): need for option in options for need in option.needs}
        local = tuple(option.routed for option in options)
        yield Hop(entry, tuple(needs.values()), Solution(entry.type, local=local))


def _cost_of(routed: Routed) -> Cost:
    below = routed.below
    return Cost(size=1) if below is None else replace(below.cost, size=below.cost.size + 1)


def _hop_cost(hop: Hop) -> Cost:
    return _through(hop.entry, hop.needs, hop.inner.cost)


def _lighter(one: Need, other: Need) -> bool:
    return one.solution.cost.weight < other.solution.cost.weight


def _asks_for_type(selection: Selection) -> bool:
    return isinstance(selection, Fragment) or selection.name == TYPENAME
