"""Every way through the supergraph that clients may take, and how far subgraphs can follow."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from gateway.composition.satisfiability.atlas import ROOTS, Atlas
from gateway.composition.satisfiability.labels import Labels
from gateway.composition.satisfiability.moves import Moves
from gateway.composition.satisfiability.place import Context, Place
from gateway.composition.satisfiability.route import Route
from gateway.composition.schema.model import Field
from gateway.composition.schema.type_ref import named_type

#: States of a type that are all looked at. Of further ones those that others cover are not, or
#: types that many subgraphs share would have as many states as there are sets of subgraphs. They
#: could only tell the same faults again, or that subgraphs disagree on a value's types.
_MANY: Final = 10

#: Labels of progressive overrides, each with whether it is active.
Choices = frozenset[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class State:
    """A value that clients have come to by `route`, and the places at which it can be found.

    Of an abstract type, only where the route led: before its type is known nobody can look for
    it elsewhere. `choices` are the labels' states under which clients come here, `contexts`
    those that are set above, each by the nearest object that sets it.
    """

    type: str
    places: frozenset[Place]
    choices: Choices = frozenset()
    route: Route | None = None
    contexts: frozenset[Context] = frozenset()

    @property
    def key(self) -> Hashable:
        """What decides where one can go from here."""
        return self.places, self.choices, self.contexts

    def is_covered_by(self, other: "State") -> bool:
        """Whether every field that the other state has this one has too."""
        if not (other.choices <= self.choices and other.contexts <= self.contexts):
            return False
        if other.places <= self.places:
            return True
        bare = {place.bare for place in self.places}
        return all(
            place in self.places or (not place.provided and place in bare) for place in other.places
        )


@dataclass(frozen=True, slots=True)
class Advance:
    """A step from a state, and the one that it leads to; without places it leads nowhere."""

    origin: State
    route: Route
    to: State


class Walk:
    """Each state once, by whatever route it was come to first."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.moves = cache(self._moves)
        self._labels = Labels(atlas)
        self._seen: dict[str, dict[Hashable, State]] = defaultdict(dict)

    def advances(self) -> Iterator[Advance]:
        """Every step from every state; those that lead nowhere are taken no further."""
        pending = [
            State(name, self.atlas.roots(name)) for name in ROOTS if name in self.atlas.schema.types
        ]
        while pending:
            state = pending.pop()
            if self._is_known(state):
                continue
            steps = list(self._steps(state))
            yield from steps
            goes_on = (step.to for step in steps if step.to.places)
            pending.extend(to for to in goes_on if self.atlas.is_composite(to.type))

    def _is_known(self, state: State) -> bool:
        seen = self._seen[state.type]
        if state.key in seen:
            return True
        if len(seen) > _MANY and any(state.is_covered_by(other) for other in seen.values()):
            return True
        seen[state.key] = state
        return False

    def _steps(self, state: State) -> Iterator[Advance]:
        if self.atlas.is_abstract(state.type):
            yield from self._casts(state)
        else:
            yield from self._fields(state)

    def _fields(self, state: State) -> Iterator[Advance]:
        for field in self.atlas.visible_fields(state.type):
            yield from self._advances_by(state, field)

    def _advances_by(self, state: State, field: Field) -> Iterator[Advance]:
        """One for each state of the labels that matter; of those that lead nowhere the first."""
        labels = self._labels.of(state.type, field.name)
        route = Route(state.type, state.route, field)
        for choices in _each_choice(state.choices, labels):
            origin = self._under(state, choices)
            found = self.moves(choices).step(state.type, origin.places, field.name, state.contexts)
            to = State(named_type(field.type), found, choices, route, self._set_by(origin))
            yield Advance(origin, route, self._everywhere(to))
            if not found:
                return

    def _casts(self, state: State) -> Iterator[Advance]:
        for name in self._common_types(state):
            labels = self._labels.of(state.type, None)
            route = Route(state.type, state.route, fragment=name)
            for choices in _each_choice(state.choices, labels):
                found = self.moves(choices).cast(state.places, name)
                to = State(name, found, choices, route, state.contexts)
                yield Advance(self._under(state, choices), route, self._everywhere(to))

    def _common_types(self, state: State) -> list[str]:
        """The visible types that the value can have at every place.

        What several subgraphs resolve, they resolve alike: one that does not know a type
        tells that no value has it.
        """
        return [
            name
            for name in self.atlas.possible_in_order(state.type)
            if not self.atlas.schema.types[name].has("inaccessible")
            and all(self.atlas.may_be(place, name) for place in state.places)
        ]

    def _under(self, state: State, choices: Choices) -> State:
        """The state once more labels are decided, which may open more places."""
        if choices == state.choices:
            return state
        return self._everywhere(replace(state, choices=choices))

    def _everywhere(self, state: State) -> State:
        """The state with every place at which its value can be found."""
        if self.atlas.is_abstract(state.type) or not self.atlas.is_composite(state.type):
            return state
        places = self.moves(state.choices).everywhere(state.type, state.places)
        return replace(state, places=places)

    def _set_by(self, state: State) -> frozenset[Context]:
        """The contexts below the state's value."""
        names = self.atlas.contexts(state.type)
        if not names:
            return state.contexts
        kept = {one for one in state.contexts if (one.member, one.name) not in names}
        return frozenset(kept | {Context(*name, state.type, state.places) for name in names})

    def _moves(self, choices: Choices) -> Moves:
        return Moves(self.atlas, dict(choices))


def _each_choice(made: Choices, labels: frozenset[str]) -> Iterator[Choices]:
    """The choices that were made, with every state of the labels that are still open."""
    open_labels = sorted(labels - {label for label, _ in made})
    pending = [(made, 0)]
    while pending:
        choices, decided = pending.pop()
        if decided == len(open_labels):
            yield choices
            continue
        label = open_labels[decided]
        pending.append((choices | {(label, False)}, decided + 1))
        pending.append((choices | {(label, True)}, decided + 1))
