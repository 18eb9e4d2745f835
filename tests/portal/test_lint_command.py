"""`portal lint`: findings are lines; only where they were asked to are they a failure."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from portal.commands.lint import lint
from portal.console import PortalConsole
from portal.errors import PortalError
from tests.support.composition import supergraph_of

OPEN = "type Query { me: Int @authenticated }"
TAKING = "type Query { me: Int! @authenticated }"


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(terminal: io.StringIO) -> PortalConsole:
    return PortalConsole(Console(file=terminal))


def a_supergraph(folder: Path, sdl: str) -> Path:
    path = folder / "supergraph.graphql"
    path.write_text(supergraph_of(sdl))
    return path


def test_each_finding_is_a_line(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    lint(console, a_supergraph(tmp_path, TAKING), strict=False)

    assert terminal.getvalue() == (
        "Query.me cannot be null; denied (@authenticated on Query.me) it takes: "
        "by Query.me the whole answer.\n"
    )


def test_findings_fail_where_none_are_wanted(tmp_path: Path, console: PortalConsole) -> None:
    with pytest.raises(PortalError, match="1 protected field takes"):
        lint(console, a_supergraph(tmp_path, TAKING), strict=True)


def test_a_supergraph_without_findings_is_strictly_good(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    lint(console, a_supergraph(tmp_path, OPEN), strict=True)

    assert terminal.getvalue() == ""


def test_what_is_no_supergraph_is_refused_by_its_name(
    tmp_path: Path, console: PortalConsole
) -> None:
    path = tmp_path / "schema.graphql"
    path.write_text("type Query { me: Int }")

    with pytest.raises(PortalError, match=r"schema\.graphql: .*no supergraph"):
        lint(console, path, strict=False)
