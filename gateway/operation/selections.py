"""Small operations on selections."""

from collections.abc import Iterable
from dataclasses import replace

from gateway.operation.model import Field, Fragment, Selection


def merged(fields: Iterable[Field]) -> list[Field]:
    """One field per response key, with the selections of all of them."""
    found: dict[str, Field] = {}
    for field in fields:
        known = found.get(field.key)
        if known is None:
            found[field.key] = field
        elif known.selections != field.selections:
            found[field.key] = replace(known, selections=known.selections + field.selections)
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


def count(selections: Iterable[Selection]) -> int:
    """How many leaves there are."""
    return sum(count(selection.selections) or 1 for selection in selections)
