"""The search for a way to answer every selection, with as few requests as can be found.

At each object the search knows one place that answers it and the entries by which the same
object can be reached elsewhere. What an entry's key or a field's @requires asks for is searched
in the same manner, from the same place: chains of moves follow from that. What is being
searched for already is excluded, so the search ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graphql import OperationType

from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph, is_active
from gateway.operation.model import Field, Fragment, Selection
from gateway.operation.normalise import TYPENAME
from gateway.operation.selections import by_part, merged, of_type, split
from gateway.planner.choice import Option, choose
from gateway.planner.contexts import given
from gateway.planner.prices import Prices, cost_of
from gateway.planner.roots import spread
from gateway.planner.solution import Given, Hop, Need, Routed, Solution, total
from gateway.planner.spending import Spending
from gateway.planner.trail import Mark, Trail
from gateway.planner.ways import Ways


class Search:
    """One operation's search. Raises `PlanTooComplex` when there is not enough to spend.

    `free` are subgraphs that are asked something anyway: it costs nothing to ask them for more.
    Keys that need other keys are followed `depth` times.
    """

    def __init__(
        self,
        graph: QueryGraph,
        labels: frozenset[str],
        spending: Spending,
        free: frozenset[str],
        depth: int,
    ) -> None:
        #: The subgraphs that something could be asked of as well as of another.
        self.contested: set[str] = set()
        self._graph = graph
        self._labels = labels
        self._spending = spending
        self._prices = Prices(free)
        self._ways = Ways(graph, self.solve, depth)
        self._known: dict[tuple[Place, int, Trail], Solution] = {}
        self._held: list[Sequence[Selection]] = []  # keeps the ids in `_known` from reuse

    @property
    def was_cut(self) -> bool:
        """Whether keys lead further than they were followed."""
        return self._ways.was_cut

    def root(self, kind: OperationType, fields: Sequence[Field]) -> Solution:
        """Root fields, each from one of the subgraphs that have it."""
        type = self._graph.supergraph.roots[kind]
        now, later = by_part(fields, 0)
        return self._roots(kind, type, now).with_parts(
            {part: self._roots(kind, type, each) for part, each in later.items()}
        )

    def _roots(self, kind: OperationType, type: str, fields: Sequence[Field]) -> Solution:
        entries = self._graph.roots(kind)
        options = [list(self._through_roots(field, entries)) for field in fields]
        solution = self._assembled(type, None, fields, options, Trail())
        # Asking twice is free of effects for queries only.
        return spread(solution, self._asked_too) if kind is OperationType.QUERY else solution

    def _asked_too(self, entry: Entry, field: Field) -> Routed | None:
        for option in self._through_roots(field, [entry]):
            if not option.missing and option.cost.rounds == 1:
                return option.routed
        return None

    def solve(self, place: Place, selections: Sequence[Selection], trail: Trail) -> Solution:
        """What a value at `place` is asked for."""
        self._spending.step()
        key = (place, id(selections), trail)
        known = self._known.get(key)
        if known is None:
            self._held.append(selections)
            known = self._known[key] = self._solve(place, selections, trail)
        return known

    def _solve(self, place: Place, selections: Sequence[Selection], trail: Trail) -> Solution:
        if self._graph.is_abstract(place):
            return self._abstract(place, selections, trail)
        if self._graph.type(place).interface_object:
            return self._of_interface_object(place, selections, trail)
        return self._of_object(place, selections, trail)

    def _of_object(self, place: Place, selections: Sequence[Selection], trail: Trail) -> Solution:
        now, later = by_part(of_type(selections, place.type), trail.part)
        options = [list(self._options(place, field, trail)) for field in now]
        solution = self._assembled(place.type, place, now, options, trail)
        return solution.with_parts(
            {part: self._deferred(place, fields, trail) for part, fields in later.items()}
        )

    def _deferred(self, place: Place, fields: Sequence[Field], trail: Trail) -> Solution:
        """Fields of a later part: asked by themselves if anybody can be asked for them again."""
        options = []
        for field in fields:
            every = list(self._options(place, field, trail, again=True))
            options.append([each for each in every if each.entry is not None] or every)
        return self._assembled(place.type, place, fields, options, trail)

    def _abstract(self, place: Place, selections: Sequence[Selection], trail: Trail) -> Solution:
        """Fields that all types answer stay together, the others are asked of each type."""
        fields, typed = split(selections)
        keys = {field.key for each in typed.values() for field in each}
        fields, later = by_part(fields, trail.part)
        local: list[Routed] = []
        pushed = [field for each in later.values() for field in each]
        for field in fields:
            routed = None if field.key in keys else self._shared(place, field, trail)
            if routed is None and field.name != TYPENAME:
                pushed.append(field)
            else:
                local.append(routed or Routed(field))
        cases = []
        for type in sorted(self._graph.type(place).possible):
            if not trail.internal and not self._graph.is_visible(type):
                continue
            if wanted := merged([*pushed, *typed.get(type, ())]):
                case = self.solve(self._graph.case(place, type), wanted, trail)
                if not (case.missing and type in place.foreign):
                    cases.append((type, case))
        if not self._graph.type(place).possible:
            return self._untyped(place, local, pushed, trail)
        return Solution(
            place.type,
            local=tuple(local),
            cases=tuple(cases),
            missing=tuple(
                Fragment(type, tuple(of_type(case.missing, type)))
                for type, case in cases
                if case.missing
            ),
            cost=total([*map(cost_of, local), *(case.cost for _, case in cases)]),
        )

    def _untyped(
        self, place: Place, local: Sequence[Routed], fields: Sequence[Field], trail: Trail
    ) -> Solution:
        """What is left to ask of an interface of which no type is known here."""
        options = [list(self._options(place, field, trail)) for field in fields]
        found = self._assembled(place.type, place, fields, options, trail)
        return replace(found, local=(*local, *found.local))

    def _shared(self, place: Place, field: Field, trail: Trail) -> Routed | None:
        if not self._graph.is_answered_by_all(place, field.name, self._labels):
            return None
        routed = self._routed(place, field, trail)
        return None if routed.below is not None and routed.below.missing else routed

    def _of_interface_object(
        self, place: Place, selections: Sequence[Selection], trail: Trail
    ) -> Solution:
        """An interface object answers its fields; for the types somebody else is asked."""
        fields = [each for each in selections if not _asks_for_type(each)]
        known = self._of_object(place, fields, trail)
        if len(fields) == len(selections):
            return known
        typed = [each for each in selections if _asks_for_type(each)]
        learned = self._learned(place, typed, trail)
        if learned is None:
            return replace(known, missing=(*known.missing, *typed))
        return replace(
            known,
            hops=(*known.hops, learned),
            missing=known.missing + learned.inner.missing,
            cost=total([known.cost, self._prices.hop(learned)]),
        )

    def _learned(self, place: Place, typed: Sequence[Selection], trail: Trail) -> Hop | None:
        """The hop to a subgraph that knows the types of an interface object."""
        hops = []
        for target in self._ways.targets(place, trail):
            way = self._ways.to(target, place, trail) if self._graph.is_abstract(target) else None
            if way is not None:
                entry, key = way
                hops.append(Hop(entry, (key,), self.solve(target, typed, trail)))
        return min(hops, key=lambda hop: self._prices.hop(hop).weight, default=None)

    def _options(
        self, place: Place, field: Field, trail: Trail, *, again: bool = False
    ) -> Iterator[Option]:
        """The ways to answer a field. `again` allows to come back only to ask for it later."""
        if self._graph.is_answered(place, field.name, self._labels):
            here = self._option(None, (), self._routed(place, field, trail))
            yield here
            if not (again or here.missing or here.cost.rounds):
                return  # nothing is cheaper
        for target in self._ways.targets(place, trail):
            if not self._is_asked(target, field, is_new=again or target.subgraph != place.subgraph):
                continue
            way = self._ways.to(target, place, trail)
            required = self._required(place, target, field, trail)
            filled = self._given(target, field, trail)
            if way is None or required is None or filled is None:
                continue
            entry, key = way
            origin = target if self._graph.is_abstract(target) else place
            routed = self._routed(target, field, trail, origin)
            yield self._option(entry, (key, *required), replace(routed, given=filled))

    def _through_roots(self, field: Field, entries: Sequence[Entry]) -> Iterator[Option]:
        for entry in entries:
            place = Place(entry.subgraph, entry.type)
            if self._graph.is_answered(place, field.name, self._labels):
                yield self._option(entry, (), self._routed(place, field, Trail()))

    def _routed(
        self, place: Place, field: Field, trail: Trail, origin: Place | None = None
    ) -> Routed:
        """A field that `place` answers of an object that was first found at `origin`."""
        if not self._graph.is_composite(field.type):
            return Routed(field)
        below = self._graph.below(place, field.name)
        above = trail.below(origin or place, field, tracked=self._graph.has_contexts)
        return Routed(field, self.solve(below, field.selections, above))

    def _option(self, entry: Entry | None, needs: tuple[Need, ...], routed: Routed) -> Option:
        self._spending.step()
        return self._prices.option(entry, needs, routed)

    def _is_asked(self, target: Place, field: Field, *, is_new: bool) -> bool:
        """Whether there is a reason to come to the target for this field."""
        there = self._graph.field(target, field.name)
        if there is None or there.external or not is_active(there, self._labels):
            return False
        if self._graph.is_abstract(target):
            return self._graph.is_answered_by_all(target, field.name, self._labels)
        # Where the object is already, only what the request cannot have yet is asked again.
        return is_new or there.requires is not None or bool(there.contexts)

    def _required(
        self, place: Place, target: Place, field: Field, trail: Trail
    ) -> tuple[Need, ...] | None:
        """What the target's field requires of the object; None when that cannot be had."""
        there = self._graph.field(target, field.name)
        if there is None or there.requires is None:
            return ()
        mark = _mark(target, field)
        if mark in trail.excluded:
            return None
        selections = self._graph.field_set(target.type, there.requires)
        solution = self.solve(place, selections, trail.without(mark))
        return None if solution.missing else (Need(selections, solution, optional=True),)

    def _given(self, target: Place, field: Field, trail: Trail) -> tuple[Given, ...] | None:
        """Where the arguments that clients do not give come from; None when one cannot be had."""
        there = self._graph.field(target, field.name)
        if there is None or not there.contexts:
            return ()
        mark = _mark(target, field)
        if mark in trail.excluded:
            return None
        return given(self._graph, there.contexts, trail.without(mark), self.solve)

    def _assembled(
        self,
        type: str,
        origin: Place | None,
        fields: Sequence[Field],
        options: Sequence[list[Option]],
        trail: Trail,
    ) -> Solution:
        """The best choice as a solution. What one way leaves missing may be found on another."""
        missing: list[Selection] = [f for f, each in zip(fields, options, strict=True) if not each]
        possible = [each for each in options if each]
        for each in possible:
            if len(each) > 1:
                self.contested.update(o.entry.subgraph for o in each if o.entry is not None)
        chosen = list(choose(possible))
        for option, each in zip(tuple(chosen), possible, strict=True):
            if option.missing:
                found, still = self._completed(option, each, origin, trail)
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
        self, option: Option, others: Sequence[Option], origin: Place | None, trail: Trail
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
            fresh = self._routed(place, missing, trail.afresh(), origin)
            routed = replace(fresh, given=other.routed.given)
            completed = self._option(other.entry, other.needs, routed)
            if completed.missing != (missing,):
                found.append(completed)
            if not completed.missing:
                return found, ()
            [remaining] = completed.missing
            assert isinstance(remaining, Field)
            missing = remaining
        return found, (missing,)


def _mark(target: Place, field: Field) -> Mark:
    return (target.subgraph, target.type, field.name)


def _hops(chosen: Sequence[Option]) -> Iterator[Hop]:
    """One hop for all that is asked through the same entry and requires the same."""
    together: dict[tuple[Entry, frozenset[int]], list[Option]] = {}
    for option in chosen:
        if option.entry is not None:
            needs = frozenset(id(need.selections) for need in option.needs)
            together.setdefault((option.entry, needs), []).append(option)
    for (entry, _), options in together.items():
        local = tuple(option.routed for option in options)
        yield Hop(entry, options[0].needs, Solution(entry.type, local=local))


def _asks_for_type(selection: Selection) -> bool:
    return isinstance(selection, Fragment) or selection.name == TYPENAME
