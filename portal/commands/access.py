"""`portal access`: who sees what, one operation explained, two supergraphs compared."""

import asyncio
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.settings import CODE, Settings
from portal.subgraphs import SUPERGRAPH

if TYPE_CHECKING:
    from gateway.authorization.rules import Audience
    from gateway.supergraph.model import Supergraph
    from portal.access.explanation import Explanation

#: The committed matrix.
MATRIX: Final = CODE / "docs" / "access-matrix.md"


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation, and for whom: a person or client, or whoever holds these scopes.

    With neither, it is somebody who has not signed in.
    """

    file: Path
    name: str | None = None
    who: str | None = None
    scopes: str | None = None


def access(settings: Settings, console: PortalConsole, options: Namespace) -> None:
    """What the command line asks for. Raises `PortalError`."""
    match options.about:
        case "matrix":
            matrix(console, check=options.check)
        case "diff":
            diff(console, options.old, options.new)
        case _ if options.operation is None:
            raise PortalError("Name an operation: `portal access --as USER --operation FILE`.")
        case _:
            asked = Asked(options.operation, options.name, options.who, options.scopes)
            explain(settings, console, asked)


def explain(settings: Settings, console: PortalConsole, asked: Asked) -> None:
    """Print what becomes of each field. Raises `PortalError` for what cannot be explained."""
    # Imported late: the other commands need no engine.
    from gateway.errors import GatewayError
    from portal.access.explanation import explain as explained

    audience = _audience(settings, console, asked)
    try:
        text = asked.file.read_text(encoding="utf-8")
        explanation = explained(_supergraph(SUPERGRAPH), audience, text, asked.name)
    except GatewayError as error:
        raise PortalError(f"{asked.file}: {error}") from error
    for line in (*_table(explanation), "", *_rules(explanation), "", _saved(explanation)):
        console.note(line)


def matrix(console: PortalConsole, *, check: bool) -> None:
    """Write the matrix; with `check` only raise `PortalError` when it is stale."""
    page = current_matrix()
    if MATRIX.exists() and MATRIX.read_text(encoding="utf-8") == page:
        console.note("The access matrix is up to date.")
        return
    if check:
        raise PortalError(f"{MATRIX} is stale. Run `python -m portal access matrix`.")
    MATRIX.write_text(page, encoding="utf-8")
    console.note(f"Wrote {MATRIX}")


def current_matrix() -> str:
    """The page for the committed supergraph."""
    from portal.access.columns import columns
    from portal.access.matrix import matrix as cells
    from portal.access.page import page

    return page(cells(_supergraph(SUPERGRAPH), columns()))


def diff(console: PortalConsole, old: Path, new: Path) -> None:
    """Print where the new supergraph asks less; raise `PortalError` when it does anywhere."""
    from portal.access.weakening import weakenings

    found = weakenings(_supergraph(old), _supergraph(new))
    for each in found:
        console.note(str(each))
    if found:
        what = "field asks" if len(found) == 1 else "fields ask"
        raise PortalError(f"{new}: {len(found)} {what} less of callers than before.")
    console.note("No rule got weaker.")


def _supergraph(path: Path) -> "Supergraph":
    from gateway.errors import InvalidSupergraph
    from gateway.supergraph.reader import read_supergraph

    try:
        return read_supergraph(path.read_text(encoding="utf-8"))
    except InvalidSupergraph as error:
        raise PortalError(f"{path}: {error}") from error


def _audience(settings: Settings, console: PortalConsole, asked: Asked) -> "Audience":
    from gateway.authorization.rules import Audience
    from portal.access.callers import audience_of

    if asked.who is not None:
        with console.steps() as steps:
            return asyncio.run(audience_of(settings, steps, asked.who))
    if asked.scopes is None:
        return Audience(authenticated=False)
    scopes = filter(None, (each.strip() for each in asked.scopes.split(",")))
    return Audience(authenticated=True, scopes=frozenset(scopes))


def _table(explanation: "Explanation") -> Iterator[str]:
    rows = [("", "field", "coordinate", "rules of", "missing")]
    for each in explanation.fields:
        mark = "yes" if each.denied_by is None else "NO"
        missing = f"{each.missing} (of {each.denied_by})" if each.missing else ""
        rows.append((mark, each.path, each.coordinate, " ".join(each.rules) or "–", missing))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _rules(explanation: "Explanation") -> Iterator[str]:
    """What the rules that stand in the table ask for."""
    rules = {rule: words for each in explanation.fields for rule, words in each.rules.items()}
    for coordinate in sorted(rules):
        yield f"{coordinate}: {rules[coordinate]}"


def _saved(explanation: "Explanation") -> str:
    needed, asked = _count(explanation.needed), _count(explanation.asked)
    if explanation.refused:
        return f"The mutation is refused whole: of {needed} requests to subgraphs none is sent."
    if needed == asked:
        return f"No request to a subgraph is saved: {_named(explanation.asked)}."
    return (
        f"{needed - asked} of {needed} requests to subgraphs saved: {_named(explanation.needed)}"
        f" with all rights, {_named(explanation.asked)} with these."
    )


def _count(rounds: Sequence[Sequence[str]]) -> int:
    return sum(map(len, rounds))


def _named(rounds: Sequence[Sequence[str]]) -> str:
    return ", then ".join(" and ".join(names) for names in rounds) or "none"
