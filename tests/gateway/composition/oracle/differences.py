"""Where our composition and a reference's part ways on purpose, and why."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.gateway.composition.oracle.composers import Reference

_FILE: Final = Path(__file__).parent / "differences.toml"


@dataclass(frozen=True, slots=True)
class Difference:
    """Sets that a reference composes otherwise, all for one reason."""

    reference: Reference
    reason: str
    sets: tuple[str, ...]


def kept_differences() -> tuple[Difference, ...]:
    """Every difference that is accounted for."""
    entries = tomllib.loads(_FILE.read_text())["differences"]
    return tuple(
        Difference(Reference(entry["reference"]), entry["reason"], tuple(entry["sets"]))
        for entry in entries
    )


def different_pairs() -> frozenset[tuple[str, Reference]]:
    """Each set's name with each reference that composes it otherwise."""
    return frozenset(
        (name, difference.reference)
        for difference in kept_differences()
        for name in difference.sets
    )


def as_table() -> str:
    """The differences for people, in Markdown."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| Reference | How it differs, and why we do not follow | Sets |"
    yield "| --- | --- | --- |"
    for difference in kept_differences():
        sets = "<br>".join(difference.sets)
        yield f"| {difference.reference} | {difference.reason} | {sets} |"
