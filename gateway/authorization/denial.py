"""A field that the caller may not see, and why."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Denial:
    """`coordinate` carries the rule that denies: the field, or a type.

    `directive` is the rule's name without the at sign, `required` what it asks for, in words.
    """

    coordinate: str
    directive: str
    required: str


#: By object type and field.
Denials = Mapping[tuple[str, str], Denial]
