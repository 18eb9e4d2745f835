"""Places in the merged tree of answers."""

from dataclasses import dataclass
from typing import Final

#: Begins the response keys that the planner adds; clients may not use it.
INTERNAL_PREFIX: Final = "__p"


@dataclass(frozen=True, slots=True)
class Key:
    """The value under a response key."""

    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """Every element of a list."""


@dataclass(frozen=True, slots=True)
class OfType:
    """Only objects whose `__typename` is one of these."""

    types: frozenset[str]


Segment = Key | Items | OfType
Path = tuple[Segment, ...]
