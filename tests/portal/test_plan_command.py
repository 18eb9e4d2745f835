"""`portal plan`: what an operation costs, and how its plan comes to be."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from portal.commands.plan import plan
from portal.console import PortalConsole
from portal.errors import PortalError


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(terminal: io.StringIO) -> PortalConsole:
    return PortalConsole(Console(file=terminal, width=200))


def a_document(folder: Path, text: str) -> Path:
    path = folder / "operation.graphql"
    path.write_text(text)
    return path


def test_the_requests_are_counted(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    document = a_document(tmp_path, "{ me { productKeys(first: 5) { nodes { id } } } }")

    plan(console, document, name=None, stages=False)

    said = terminal.getvalue()
    assert said.startswith("#0 viewer\n")
    assert said.endswith("1 request in 1 round: licensing.\n")


def test_the_stages_come_before_the_plan(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    document = a_document(tmp_path, "{ me { id } }")

    plan(console, document, name=None, stages=True)

    titles = [line for line in terminal.getvalue().splitlines() if line.endswith(":")]
    assert titles == [
        "What is asked, without fragments and conditions:",
        "Who answers what:",
        "What is asked of whom:",
        "What is sent together:",
        "As it is sent:",
    ]


def test_an_operation_that_is_not_valid_is_said_so(tmp_path: Path, console: PortalConsole) -> None:
    document = a_document(tmp_path, "{ nothing }")

    with pytest.raises(PortalError, match="Cannot query field 'nothing'"):
        plan(console, document, name=None, stages=False)
