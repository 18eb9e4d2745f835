"""Small operations on selections."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gateway.operation.model import Field, Fragment, Selection


def merged(fields: Iterable[Field]) -> list[Field]:
    """One field per response key and part, with the selections of all of them."""
    found: dict[tuple[str, int], Field] = {}
    for field in fields:
        key = (field.key, field.part)
        known = found.get(key)
        if known is None:
            found[key] = field
        elif known.selections != field.selections:
            found[key] = replace(known, selections=known.selections + field.selections)
    return list(found.values())


def of_type(selections: Iterable[Selection], type: str) -> list[Field]:
    """What is selected for objects of one type."""
    fields: list[Field] = []
    for selection in selections:
        if isinstance(selection, Field):
            fields.append(selection)
        elif selection.type == type:
            fields.extend(selection.selections)
    return merged(fields)


def split(selections: Iterable[Selection]) -> tuple[list[Field], dict[str, list[Field]]]:
    """What is selected for every type, and what for one type only."""
    fields: list[Field] = []
    typed: dict[str, list[Field]] = {}
    for selection in selections:
        if isinstance(selection, Fragment):
            typed.setdefault(selection.type, []).extend(selection.selections)
        else:
            fields.append(selection)
    return merged(fields), typed


def by_part(fields: Iterable[Field], part: int) -> tuple[list[Field], dict[int, list[Field]]]:
    """The fields of an object that belong to the same part of the answer, and those of later ones.

    The planner's own fields are of part 0 and belong to whatever part needs them, and the type
    is known with the object.
    """
    now: list[Field] = []
    later: dict[int, list[Field]] = {}
    for field in fields:
        if field.part in (0, part) or field.name.startswith("__"):
            now.append(field)
        else:
            later.setdefault(field.part, []).append(field)
    return now, later


def of_part(selections: Iterable[Selection], part: int) -> tuple[Selection, ...]:
    """What belongs to one part of the answer, with the objects that hold it."""
    return tuple(kept for each in selections for kept in _of_part(each, part))


def _of_part(selection: Selection, part: int) -> Iterator[Selection]:
    below = of_part(selection.selections, part)
    if isinstance(selection, Field):
        if selection.part == part or below:
            yield replace(selection, selections=below)
    elif below:
        fields = tuple(each for each in below if isinstance(each, Field))
        yield replace(selection, selections=fields)


def without(selections: Iterable[Selection], others: Sequence[Selection]) -> tuple[Selection, ...]:
    """What is selected and not by the others: whole fields, or what is selected below them."""
    return tuple(kept for each in selections for kept in _without(each, others))


def _without(selection: Selection, others: Sequence[Selection]) -> Iterator[Selection]:
    same = [each for each in others if _name(each) == _name(selection)]
    if not same:
        yield selection
    elif all(each.selections for each in same):
        below = without(selection.selections, [inner for each in same for inner in each.selections])
        if below:
            yield replace(selection, selections=below)  # type: ignore[arg-type]


def _name(selection: Selection) -> tuple[bool, str]:
    """What a selection set has one of: a response key, or a type's fragment."""
    if isinstance(selection, Field):
        return True, selection.key
    return False, selection.type


def count(selections: Iterable[Selection]) -> int:
    """How many leaves there are."""
    return sum(count(selection.selections) or 1 for selection in selections)
