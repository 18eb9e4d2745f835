"""What the operator sees."""

import io

import pytest
from rich.console import Console

from portal.console import PortalConsole


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def plain(output: io.StringIO) -> PortalConsole:
    """No terminal: a file or a pipe."""
    return PortalConsole(Console(file=output, width=40))


def test_a_line_follows_its_process_name(plain: PortalConsole, output: io.StringIO) -> None:
    plain.line("cases", "listening")

    assert output.getvalue() == "cases     │ listening\n"


def test_a_long_line_is_not_broken(plain: PortalConsole, output: io.StringIO) -> None:
    plain.line("cases", "x" * 100)

    assert output.getvalue() == f"cases     │ {'x' * 100}\n"


def test_brackets_in_a_line_are_no_markup(plain: PortalConsole, output: io.StringIO) -> None:
    plain.line("cases", "[bold]not[/bold] [/]")

    assert "[bold]not[/bold] [/]" in output.getvalue()


def test_names_have_colours_of_their_own_on_a_terminal(output: io.StringIO) -> None:
    console = PortalConsole(Console(file=output, force_terminal=True, color_system="standard"))

    console.line("cases", "listening")
    console.line("billing", "listening")

    assert "\x1b[33mcases" in output.getvalue()
    assert "\x1b[34mbilling" in output.getvalue()


def test_without_a_terminal_each_step_is_a_line_as_it_begins(
    plain: PortalConsole, output: io.StringIO
) -> None:
    with plain.steps() as steps:
        steps.begin("Creating PostgreSQL")
        steps.begin("Starting Valkey")
        steps.tick("cases")

    assert output.getvalue() == "Creating PostgreSQL …\nStarting Valkey …\n"


def test_on_a_terminal_a_step_tells_how_far_it_is(output: io.StringIO) -> None:
    console = PortalConsole(Console(file=output, force_terminal=True, width=120))

    with console.steps() as steps:
        steps.begin("Making demonstration data")
        steps.report("cases", 1500, 2000)

    assert "Making demonstration data: cases 1,500 of 2,000" in output.getvalue()
