"""Why a step can be taken from none of the places of a value."""

from collections import defaultdict
from collections.abc import Iterator

from gateway.composition.satisfiability.atlas import Atlas
from gateway.composition.satisfiability.moves import Moves
from gateway.composition.satisfiability.place import Entry, Place, PlacedField
from gateway.composition.satisfiability.walk import State


class Reasons:
    """For one state of the labels of progressive overrides."""

    def __init__(self, atlas: Atlas, moves: Moves) -> None:
        self._atlas = atlas
        self._moves = moves

    def against_field(self, state: State, name: str) -> str:
        """Why the value's field cannot be had, as a list by subgraph."""
        reasons: dict[str, list[str]] = defaultdict(list)
        for place in sorted(state.places, key=_order):
            reasons[place.member] += [
                self._here(state, place, name),
                *self._elsewhere(state, place, name),
            ]
        return _listed(reasons)

    def against_type(self, state: State) -> str:
        """Why the value's type cannot be learnt, as a list by subgraph."""
        return _listed(
            {
                place.member: [
                    "no subgraph can be reached to resolve the implementation type of "
                    f'@interfaceObject type "{place.type}".'
                ]
                for place in sorted(state.places, key=_order)
                if self._atlas.is_interface_object(place)
            }
        )

    def _here(self, state: State, place: Place, name: str) -> str:
        coordinate = f'"{place.type}.{name}"'
        field = self._atlas.field(place, name)
        if field is None:
            return f'cannot find field "{state.type}.{name}".'
        if not self._moves.answers(place, field, name):
            return f"field {coordinate} is not resolvable because {self._unanswered(field)}."
        need = self._moves.missing_context(place, name, state.contexts)
        if need is not None:
            return (
                f"could not find a match for required context for field {coordinate}: no object "
                f'above has what it takes of "${need.name}".'
            )
        lost = self._moves.missing(state.type, (place,), field.requires or ())
        if lost is not None:
            return (
                f"cannot satisfy @require conditions on field {coordinate}: no way leads to "
                f'"{lost}".'
            )
        return (
            f"@require condition on field {coordinate} can be satisfied but missing usable key "
            f'on "{place.type}" in subgraph "{place.member}" to resume query.'
        )

    def _unanswered(self, field: PlacedField) -> str:
        if field.overridden_by is not None:
            return f'it is overridden by subgraph "{field.overridden_by}"'
        if field.label is not None and not self._moves.is_active(field):
            state = "not active" if field.label.active else "active"
            return f'the @override label "{field.label.name}" is {state}'
        return "marked @external"

    def _elsewhere(self, state: State, origin: Place, name: str) -> Iterator[str]:
        reached = {place.bare for place in state.places}
        for entry in self._atlas.entries(state.type):
            if entry.is_resolvable and entry.place not in reached:
                yield self._not_entered(state.type, origin, entry)
        for member in self._atlas.members:
            place = Place(member, state.type)
            if place not in reached and name in self._atlas.fields(member, state.type):
                yield from self._without_key(place, name)

    def _not_entered(self, type: str, origin: Place, entry: Entry) -> str:
        lost = self._moves.missing(type, (origin,), entry.selections)
        return (
            f'cannot move to subgraph "{entry.member}" using @key(fields: "{entry.fields}") of '
            f'"{entry.type}", the key field(s) cannot be resolved from subgraph '
            f'"{origin.member}": no way leads to "{lost}".'
        )

    def _without_key(self, place: Place, name: str) -> Iterator[str]:
        keys = [entry for entry in self._atlas.entries(place.type) if entry.place == place]
        if any(entry.is_resolvable for entry in keys):
            return
        move = f'cannot move to subgraph "{place.member}", which has field "{place.type}.{name}", '
        if not keys:
            yield (
                f'{move}because type "{place.type}" has no @key defined in subgraph '
                f'"{place.member}".'
            )
        else:
            yield (
                f'{move}because none of the @key defined on type "{place.type}" in subgraph '
                f'"{place.member}" are resolvable (they are all declared with their "resolvable" '
                "argument set to false)."
            )


def _listed(reasons: dict[str, list[str]]) -> str:
    lines = []
    for member, found in reasons.items():
        each = list(dict.fromkeys(found))
        if len(each) == 1:
            lines.append(f'- from subgraph "{member}": {each[0]}')
        else:
            lines.append(f'- from subgraph "{member}":')
            lines += [f"  - {reason}" for reason in each]
    return "\n".join(lines)


def _order(place: Place) -> tuple[str, str]:
    return place.member, place.type
