"""`portal access`: an operation explained, the matrix written, two supergraphs compared."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from portal.__main__ import main
from portal.commands.access import Asked, diff, explain, matrix
from portal.console import PortalConsole
from portal.errors import PortalError
from portal.settings import Settings
from portal.subgraphs import SUPERGRAPH
from tests.support.composition import supergraph_of

SETTINGS = Settings()


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(terminal: io.StringIO) -> PortalConsole:
    return PortalConsole(Console(file=terminal, width=200))


def a_file(folder: Path, text: str, name: str = "operation.graphql") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_denied_fields_are_named_with_what_is_missing(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    file = a_file(tmp_path, "{ accounts { nodes { name money: balances { amount } } } }")

    explain(SETTINGS, console, Asked(file, scopes="account:read, member:read"))

    lines = [line.split() for line in terminal.getvalue().splitlines()]
    assert ["yes", "accounts.nodes.name", "Account.name", "Account"] in lines
    assert [
        *("NO", "accounts.nodes.money", "Account.balances", "Account.balances", "Account"),
        *("invoice:read", "(of", "Account.balances)"),
    ] in lines
    assert ["Account.balances:", "invoice:read"] in lines
    assert not any("accounts.nodes.money.amount" in line for line in lines)


def test_requests_that_are_not_sent_are_counted(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    file = a_file(tmp_path, "{ accounts { nodes { name balances { amount } } } }")

    explain(SETTINGS, console, Asked(file, scopes="account:read"))

    assert terminal.getvalue().endswith(
        "1 of 2 requests to subgraphs saved: identity, then billing with all rights, "
        "identity with these.\n"
    )


def test_who_holds_everything_saves_nothing(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    file = a_file(tmp_path, "{ accounts { nodes { balances { amount } } } }")

    explain(SETTINGS, console, Asked(file, scopes="invoice:read"))

    assert terminal.getvalue().endswith(
        "No request to a subgraph is saved: identity, then billing.\n"
    )


def test_a_denied_mutation_is_refused_whole(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    text = """mutation { payInvoices(input: {
        invoiceIds: [], expected: {amount: "1", currency: "EUR"}, paymentMethodId: "m",
        idempotencyKey: "k"}) { errors { code } } }"""
    file = a_file(tmp_path, text)

    explain(SETTINGS, console, Asked(file, scopes="invoice:read"))

    assert terminal.getvalue().endswith(
        "The mutation is refused whole: of 1 requests to subgraphs none is sent.\n"
    )


def test_who_has_not_signed_in_is_told_so(
    tmp_path: Path, terminal: io.StringIO, console: PortalConsole
) -> None:
    file = a_file(tmp_path, "{ me { id } accounts { totalCount } }")

    explain(SETTINGS, console, Asked(file))

    said = terminal.getvalue()
    assert "yes  me " in said
    assert "NO   accounts " in said


def test_what_is_no_operation_is_refused(tmp_path: Path, console: PortalConsole) -> None:
    file = a_file(tmp_path, "{ nothing }")

    with pytest.raises(PortalError, match="nothing"):
        explain(SETTINGS, console, Asked(file))


def test_the_committed_matrix_is_not_stale(console: PortalConsole) -> None:
    matrix(console, check=True)


def test_supergraphs_that_ask_the_same_pass(terminal: io.StringIO, console: PortalConsole) -> None:
    diff(console, SUPERGRAPH, SUPERGRAPH)

    assert terminal.getvalue() == "No rule got weaker.\n"


def test_a_weaker_supergraph_fails_and_is_told(
    tmp_path: Path, terminal: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    sdl = "type Query { secret: String @authenticated }"
    old = a_file(tmp_path, supergraph_of(sdl), "old.graphql")
    new = a_file(tmp_path, supergraph_of("type Query { secret: String }"), "new.graphql")

    status = main(["access", "diff", str(old), str(new)])

    said = capsys.readouterr()
    assert status == 1
    assert "Query.secret asked for signed in, now for nothing" in said.out
    assert "1 field asks less of callers than before" in " ".join(said.err.split())


def test_what_is_no_supergraph_is_refused(tmp_path: Path, console: PortalConsole) -> None:
    file = a_file(tmp_path, "type Query { a: Int }")

    with pytest.raises(PortalError, match=r"operation\.graphql"):
        diff(console, file, file)


def test_an_operation_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["access"]) == 1
    assert "Name an operation" in capsys.readouterr().err
