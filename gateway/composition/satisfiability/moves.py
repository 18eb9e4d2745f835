"""What can be had of a value, starting from a place where it is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from gateway.composition.satisfiability.atlas import Atlas
from gateway.composition.satisfiability.fixpoint import LeastFixpoint
from gateway.composition.satisfiability.place import Context, ContextNeed, Place, PlacedField
from gateway.composition.satisfiability.selection import SelectedField, SelectedType, Selection

_TYPENAME: Final = "__typename"


@dataclass(frozen=True, slots=True)
class Reached:
    """The other places of a value of this type that is known at `origin`."""

    type: str
    origin: Place


@dataclass(frozen=True, slots=True)
class Required:
    """Where a field that is sent something leads, for a value of this type known at `place`."""

    type: str
    place: Place
    field: str


class Moves:
    """The moves between subgraphs while some labels of progressive overrides are (in)active.

    A field whose label is not among `labels` is nowhere.
    """

    def __init__(self, atlas: Atlas, labels: Mapping[str, bool]) -> None:
        self._atlas = atlas
        self._labels = labels
        self._facts: LeastFixpoint[Reached | Required, Place] = LeastFixpoint(self._derive)

    def everywhere(self, type: str, origins: Iterable[Place]) -> frozenset[Place]:
        """Every place at which a value can be found that is known at the origins."""
        known = frozenset(origins)
        return known.union(*(self._facts.of(Reached(type, origin)) for origin in known))

    def step(
        self,
        type: str,
        places: Iterable[Place],
        field: str,
        contexts: Collection[Context] = (),
    ) -> frozenset[Place]:
        """Where a field of the value leads. `places` are all those at which it can be found.

        What a key or a requirement selects has no contexts: only clients' fields have.
        """
        return frozenset(
            to
            for place in places
            for to in self._step(type, place, field)
            if self.missing_context(place, field, contexts) is None
        )

    def cast(self, origins: Iterable[Place], to: str) -> frozenset[Place]:
        """The places at which a value can be known to be of the object type `to`."""
        return frozenset(place for origin in origins for place in self._cast(origin, to))

    def answers(self, place: Place, field: PlacedField, name: str) -> bool:
        """Whether the place answers the field, given what it may require."""
        if field.overridden_by is not None or not self.is_active(field):
            return False
        return not field.is_external or self._atlas.provides(place, name)

    def is_active(self, field: PlacedField) -> bool:
        """Whether a progressive override leaves the field here."""
        label = field.label
        return label is None or self._labels.get(label.name) is label.active

    def missing_context(
        self, place: Place, name: str, contexts: Iterable[Context]
    ) -> ContextNeed | None:
        """What the field takes of a context though no object above it has that."""
        field = self._atlas.field(place, name)
        for need in field.contexts if field is not None else ():
            if not any(self._has_context(place, need, context) for context in contexts):
                return need
        return None

    def missing(
        self, type: str, origins: Iterable[Place], wanted: Iterable[Selection]
    ) -> str | None:
        """The first coordinate, like "Product.upc", that cannot be had; None when all can."""
        known = frozenset(origins)
        lost: str | None = None
        for selection in wanted:
            match selection:
                case SelectedField() if self._atlas.is_abstract(type):
                    lost = self._missing_of_abstract(known, selection)
                case SelectedField():
                    lost = self._missing_of_object(type, known, selection)
                case SelectedType():
                    lost = self._missing_of_type(type, known, selection)
            if lost is not None:
                break
        return lost

    def can_return(self, type: str, origin: Place) -> bool:
        """Whether a value can be sent to where it is known already, with what a field requires.

        Unlike the reference, by a resolvable key only: no other lets the gateway in.
        """
        return any(
            self.missing(type, (origin,), entry.selections) is None
            for entry in self._atlas.entries(type)
            if entry.is_resolvable and entry.place == origin.bare
        )

    def _derive(self, fact: Reached | Required) -> frozenset[Place]:
        match fact:
            case Reached(type, origin):
                return frozenset(self._reached(type, origin))
            case Required(type, place, name):
                return frozenset(self._required(type, place, name))

    def _reached(self, type: str, origin: Place) -> Iterator[Place]:
        if type == "Query":
            yield from self._atlas.roots(type) - {origin.bare}
        # Most subgraphs have the same keys.
        can_have = cache(lambda selections: self.missing(type, (origin,), selections) is None)
        for entry in self._atlas.entries(type):
            if entry.is_resolvable and entry.member != origin.member and can_have(entry.selections):
                yield entry.place

    def _required(self, type: str, place: Place, name: str) -> Iterator[Place]:
        field = self._atlas.field(place, name)
        assert field is not None, "asked only of a place that has the field"
        # As the reference has it: what is required must be found from this place, though a place
        # before it, to which no key leads back, might have it.
        lost = self.missing(type, (place,), field.requires or ())
        if lost is None and self.can_return(type, place):
            yield self._atlas.below(place, name, field)

    def _step(self, type: str, place: Place, name: str) -> Iterator[Place]:
        field = self._atlas.field(place, name)
        if field is None or not self.answers(place, field, name):
            return
        if field.requires is not None or field.contexts:
            yield from self._facts.of(Required(type, place, name))
        elif field.to.type == "Query":
            # The root is entered again as it was at first, in any subgraph.
            yield from self._atlas.roots(field.to.type)
        else:
            yield self._atlas.below(place, name, field)

    def _has_context(self, place: Place, need: ContextNeed, context: Context) -> bool:
        if (context.member, context.name) != (place.member, need.name):
            return False
        return self.missing(context.type, context.places, need.selections) is None

    def _cast(self, origin: Place, to: str) -> Iterator[Place]:
        if origin.type == to:
            yield origin
        elif self._atlas.may_be(origin, to) and not self._atlas.is_interface_object(origin):
            yield Place(origin.member, to, origin.provided)
        elif self._atlas.may_be(origin, to):
            knowing = self._knowing(origin)
            yield from (
                Place(place.member, to) for place in knowing if self._atlas.may_be(place, to)
            )
            yield from [origin] if knowing else []

    def _knowing(self, origin: Place) -> list[Place]:
        """The places at which the type of an interface object's value can be learnt."""
        places = self.everywhere(origin.type, (origin,))
        return [place for place in places if not self._atlas.is_interface_object(place)]

    def _missing_of_object(
        self, type: str, origins: frozenset[Place], wanted: SelectedField
    ) -> str | None:
        if wanted.name == _TYPENAME:
            return None
        places = self.everywhere(type, origins)
        if not self._has(type, places, wanted.name):
            return f"{type}.{wanted.name}"
        if not wanted.selections:
            return None
        below = self.step(type, places, wanted.name)
        return self.missing(self._atlas.type_of(type, wanted.name), below, wanted.selections)

    def _has(self, type: str, places: Iterable[Place], name: str) -> bool:
        """Whether a step leads anywhere; most fields of keys do at the first place."""
        return any(
            self.missing_context(place, name, ()) is None
            for place in places
            for _ in self._step(type, place, name)
        )

    def _missing_of_abstract(self, origins: frozenset[Place], wanted: SelectedField) -> str | None:
        """Every type that a value may have must have the field, from one of the origins."""
        lost = [self._missing_of_some(origin, wanted) for origin in sorted(origins, key=_order)]
        return next(iter(lost), None) if all(each is not None for each in lost) else None

    def _missing_of_some(self, origin: Place, wanted: SelectedField) -> str | None:
        if not self._atlas.is_interface_object(origin):
            return self._missing_of_each(origin, wanted)
        if wanted.name != _TYPENAME:
            lost = self._missing_of_object(origin.type, frozenset({origin}), wanted)
            if lost is None:
                return None
        for place in sorted(self._knowing(origin), key=_order):
            if self._missing_of_each(place, wanted) is None:
                return None
        return f"{origin.type}.{wanted.name}"

    def _missing_of_each(self, origin: Place, wanted: SelectedField) -> str | None:
        for name in sorted(self._atlas.possible_here(origin.member, origin.type)):
            lost = self._missing_of_object(name, self.cast((origin,), name), wanted)
            if lost is not None:
                return lost
        return None

    def _missing_of_type(
        self, type: str, origins: frozenset[Place], wanted: SelectedType
    ) -> str | None:
        common = self._atlas.possible_types(type) & self._atlas.possible_types(wanted.type)
        for name in sorted(common):
            places = self.cast(origins, name) if self._atlas.is_abstract(type) else origins
            if places:
                lost = self.missing(name, places, wanted.selections)
            else:
                lost = name if any(self._atlas.may_be(origin, name) for origin in origins) else None
            if lost is not None:
                return lost
        return None


def _order(place: Place) -> tuple[str, str]:
    return place.member, place.type
