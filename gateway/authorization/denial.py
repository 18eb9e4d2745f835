"""A field that the caller may not see, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.operation.model import Field


@dataclass(frozen=True, slots=True)
class Denial:
    """`coordinate` carries the rule that denies: the field, or a type.

    `directive` is the rule's name without the at sign, `required` what it asks for, in words.
    `missing` is what the caller lacks: alternatives, of each what is not held.
    """

    coordinate: str
    directive: str
    required: str
    missing: tuple[tuple[str, ...], ...] = ()


#: By object type and field; where a use of the field is denied, by its arguments' text too.
Denials = Mapping[tuple[str, ...], Denial]


class Telling(StrEnum):
    """How much of a denial the caller is told."""

    EXPLAINED = "explained"
    TOLD = "told"
    #: Denied looks as absent does.
    ABSENT = "absent"


def denial_of(denials: Denials, type: str, field: Field) -> Denial | None:
    """What denies this use of a field to objects of the type."""
    if not denials:
        return None
    return denials.get((type, field.name)) or denials.get(use_of(type, field))


def use_of(type: str, field: Field) -> tuple[str, str, str]:
    """The field with its arguments, of objects of the type."""
    return type, field.name, field.arguments.text


def extensions_of(denial: Denial, telling: Telling) -> dict[str, Any]:
    """Of the error that tells the denial."""
    extensions: dict[str, Any] = {
        "code": "FORBIDDEN_FIELD",
        "coordinate": denial.coordinate,
        "directive": denial.directive,
    }
    if telling is Telling.EXPLAINED:
        extensions["required"] = denial.required
        if denial.missing:
            extensions["missing"] = [list(alternative) for alternative in denial.missing]
    return extensions
