"""The command line, over a whole portal whose services are stand-ins."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.__main__ import main
from tests.support.portal_tree import PortalTree
from tests.support.processes import end, wait_for_end

pytestmark = pytest.mark.e2e


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[PortalTree]:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    tree = PortalTree(private)
    yield tree
    tree.run("down")


def test_up_prepares_everything_and_down_ends_it(tree: PortalTree) -> None:
    with tree.start("up", "--port", "0") as portal:
        said = _until_ready(portal)
        pids = [int(line.split()[5]) for line in said if "serving as process" in line]

        status, output = tree.run("down")
        rest = portal.communicate(timeout=30)[0]

    assert said[0] == "Creating PostgreSQL …"
    assert any(line.startswith("Making demonstration data") for line in said)
    assert (status, output) == (0, "The portal has stopped.\n")
    assert rest.endswith("Stopped.\n")
    assert portal.returncode == 0
    assert len(pids) == 5
    assert all(wait_for_end(pid) for pid in pids)


def test_a_second_start_makes_no_data_again(tree: PortalTree) -> None:
    for _ in range(2):
        with tree.start("up", "--port", "0") as portal:
            said = _until_ready(portal)
            portal.send_signal(signal.SIGINT)
            portal.communicate(timeout=30)

    assert said[0] == "Starting PostgreSQL …"
    assert not any(line.startswith("Making") for line in said)


def test_a_second_portal_in_the_same_folder_is_refused(tree: PortalTree) -> None:
    with tree.start("up", "--port", "0") as portal:
        _until_ready(portal)

        status, output = tree.run("up", "--port", "0")
        tree.run("down")

    assert status == 1
    assert output == f"The portal already runs here, started by process {portal.pid}.\n"


def test_a_killed_portal_leaves_nothing_that_stops_the_next_one(tree: PortalTree) -> None:
    with tree.start("up", "--port", "0") as portal:
        said = _until_ready(portal)
        pids = [int(line.split()[5]) for line in said if "serving as process" in line]
        end(portal.pid, signal.SIGKILL)
    assert all(wait_for_end(pid) for pid in pids)

    status, _ = tree.run("migrate")

    assert status == 0


def test_a_killed_database_server_is_started_again_on_its_port(tree: PortalTree) -> None:
    pid_file = tree.home / "postgres" / "data" / "postmaster.pid"
    with tree.start("up", "--port", "0") as portal:
        _until_ready(portal)
        before = pid_file.read_text().splitlines()
        end(int(before[0]), signal.SIGKILL)

        _read_until(portal, "postgres  │ runs again")
        after = pid_file.read_text().splitlines()
        tree.run("down")

    assert after[0] != before[0]
    assert after[3] == before[3]


def test_data_that_were_cut_off_are_made_again_from_the_start(tree: PortalTree) -> None:
    killed, _ = tree.run("seed", "--accounts", "4", POWER_CUT="yes")

    status, output = tree.run("seed", "--accounts", "4")

    assert killed == -signal.SIGKILL
    assert status == 0, output
    assert output.endswith("The demonstration data are complete.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_while_things_are_prepared_ends_the_servers_too(
    tree: PortalTree, number: signal.Signals
) -> None:
    with tree.start("up", "--port", "0", ENDLESS="yes") as portal:
        _read_until(portal, "making data without end")
        server = int((tree.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

        portal.send_signal(number)

        assert portal.wait(30) == 128 + number
        assert wait_for_end(server, seconds=0)


def test_ctrl_c_works_where_a_shell_has_it_ignored(tree: PortalTree) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        portal = tree.start("up", "--port", "0", ENDLESS="yes")
    finally:
        signal.signal(signal.SIGINT, before)
    with portal:
        _read_until(portal, "making data without end")

        portal.send_signal(signal.SIGINT)

        assert portal.wait(30) == 128 + signal.SIGINT


def test_data_are_not_made_twice(tree: PortalTree) -> None:
    tree.run("seed")

    status, output = tree.run("seed")

    assert status == 1
    assert "The data are there already." in output


def test_reset_deletes_the_data(tree: PortalTree) -> None:
    tree.run("seed")

    status, output = tree.run("reset", "--yes")

    assert status == 0
    assert not tree.home.exists()
    assert output.endswith(f"The data in {tree.home} are deleted.\n")


def test_a_taken_port_is_named_before_anything_starts(tree: PortalTree, taken_port: int) -> None:
    status, output = tree.run("up", "--port", str(taken_port))

    assert status == 1
    assert output == f"The gateway cannot use port {taken_port}: Address already in use.\n"
    assert not (tree.home / "postgres").exists()


def test_down_without_a_portal_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / ".portal"))

    assert main(["down"]) == 0
    assert capsys.readouterr().out == "The portal does not run.\n"


def test_a_wrong_setting_is_a_message_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_PORT", "-1")

    assert main(["down"]) == 1
    assert "PORTAL_PORT" in capsys.readouterr().err


def _until_ready(portal: subprocess.Popen[str]) -> list[str]:
    """What it said until its last word of the banner."""
    return _read_until(portal, "Ctrl-C")


def _read_until(portal: subprocess.Popen[str], beginning: str) -> list[str]:
    assert portal.stdout is not None
    said: list[str] = []
    for line in portal.stdout:
        said.append(line.rstrip("\n"))
        if line.startswith(beginning):
            return said
    raise AssertionError("\n".join(said))
