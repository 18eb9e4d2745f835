"""The kept sets of subgraphs: what they are about is their files' and their own names.

A set begins with `## ` and a sentence; each of its subgraphs with `# ` and a name. A subgraph
links the newest federation, with all its directives imported; after a comma stands what is
different: `# a, federation 2.3`, or `# a, as written` for one that links itself what it likes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.composition.specifications import SPECIFICATIONS, Version

_FOLDER: Final = Path(__file__).parent / "sets"
_SET: Final = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_SUBGRAPH: Final = re.compile(r"^# (?P<name>[^,\n]*)(, (?P<links>.+))?$", re.MULTILINE)
_NEWEST: Final = (2, 9)


@dataclass(frozen=True, slots=True)
class SubgraphSet:
    """`subgraphs` are documents by name."""

    name: str
    subgraphs: Mapping[str, str]


def kept_sets() -> tuple[SubgraphSet, ...]:
    """Every set of every file."""
    return tuple(
        SubgraphSet(f"{path.stem}: {title}", dict(_subgraphs(text)))
        for path in sorted(_FOLDER.glob("*.graphql"))
        for title, text in _parts(_SET, path.read_text())
    )


def linked(version: Version = _NEWEST) -> str:
    """The line that links a version of federation and imports all that it has."""
    names = ", ".join(f'"@{name}"' for name in _directives(version))
    major, minor = version
    url = f"https://specs.apollo.dev/federation/v{major}.{minor}"
    return f'extend schema @link(url: "{url}", import: [{names}])\n'


def _directives(version: Version) -> list[str]:
    directives = SPECIFICATIONS["federation"].directives
    return [name for name, directive in directives.items() if directive.since <= version]


def _parts(heading: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    headings = list(heading.finditer(text))
    ends = [*(found.start() for found in headings[1:]), len(text)]
    for found, end in zip(headings, ends, strict=True):
        yield found[1], text[found.end() : end].strip()


def _subgraphs(text: str) -> Iterator[tuple[str, str]]:
    headings = list(_SUBGRAPH.finditer(text))
    ends = [*(found.start() for found in headings[1:]), len(text)]
    for found, end in zip(headings, ends, strict=True):
        yield found["name"], _header(found["links"]) + text[found.end() : end].strip()


def _header(links: str | None) -> str:
    match links:
        case None:
            return linked()
        case "as written":
            return ""
        case _:
            major, minor = links.removeprefix("federation ").split(".")
            return linked((int(major), int(minor)))
