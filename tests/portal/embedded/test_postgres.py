"""The embedded PostgreSQL: a real one for each test, in a folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from portal.embedded.account import NOBODY, account_for
from portal.embedded.postgres import PostgresServer
from portal.errors import PortalError
from portal.ports import free_port
from tests.support.processes import command_line, end, owner, wait_for_end

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must step down")

LAUNCHER = """
import sys
from pathlib import Path
from portal.embedded.postgres import PostgresServer
server = PostgresServer(Path(sys.argv[1]))
server.start()
server.run_sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Behind a folder that only we may enter."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    return private / ".portal" / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[PostgresServer]:
    with PostgresServer(folder, durable=False) as server:
        yield server


def test_it_answers_in_utf8_and_utc(server: PostgresServer) -> None:
    answer = server.run_sql("SHOW server_encoding; SHOW timezone; SELECT upper('é')")

    assert answer.split() == ["UTF8", "UTC", "É"]


def test_it_listens_on_this_machine_only(server: PostgresServer) -> None:
    assert server.run_sql("SHOW listen_addresses").strip() == "127.0.0.1"


def test_nobody_enters_without_a_password(server: PostgresServer) -> None:
    methods = server.run_sql("SELECT DISTINCT auth_method FROM pg_hba_file_rules")

    assert methods.split() == ["scram-sha-256"]


@as_root
def test_started_by_root_it_runs_as_nobody_behind_a_private_folder(
    server: PostgresServer, folder: Path
) -> None:
    assert owner(server.pid) == NOBODY
    assert owner_and_mode(server.data) == (NOBODY, 0o700)
    assert owner_and_mode(folder) == (0, 0o711)
    assert owner_and_mode(folder.parent.parent) == (0, 0o700)


def test_its_data_outlive_a_restart(folder: Path) -> None:
    with PostgresServer(folder) as first:
        first.run_sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")

    with PostgresServer(folder) as second:
        assert second.run_sql("SELECT n FROM kept").strip() == "42"


def test_stopping_twice_is_harmless(folder: Path) -> None:
    server = PostgresServer(folder, durable=False)
    server.start()

    server.stop()
    server.stop()

    assert not server.crashed


def test_a_stale_pid_file_neither_stops_the_start_nor_harms_its_namesake(folder: Path) -> None:
    with PostgresServer(folder, durable=False):
        pass
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as bystander:
        stale = folder / "data" / "postmaster.pid"
        stale.write_text(
            f"{bystander.pid}\n/proc/self/cwd\n1\n5432\n../socket\n127.0.0.1\n\nready\n"
        )

        with PostgresServer(folder, durable=False) as server:
            answer = server.run_sql("SELECT 1")

        assert answer.strip() == "1"
        assert bystander.poll() is None
        bystander.communicate()


def test_a_killed_server_starts_again_on_its_port_with_what_was_committed(folder: Path) -> None:
    with PostgresServer(folder) as server:
        server.run_sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
        port = server.port
        end(server.pid, signal.SIGKILL)
        assert wait_for_end(server.pid)
        assert server.crashed

        server.restart()

        assert server.run_sql("SELECT n FROM kept").strip() == "42"
        assert server.port == port


def test_a_killed_launcher_takes_its_server_along_and_the_next_one_finds_the_data(
    folder: Path,
) -> None:
    with _launcher(folder) as launcher:
        assert launcher.stdout is not None
        server_pid = int(launcher.stdout.readline())
        launcher.kill()

    with PostgresServer(folder) as server:
        assert wait_for_end(server_pid)
        assert server.run_sql("SELECT n FROM kept").strip() == "42"


def test_a_server_left_behind_is_stopped_by_the_next_launcher(folder: Path) -> None:
    with PostgresServer(folder) as first:
        command = command_line(first.pid).split()
        account = account_for(folder)
    with subprocess.Popen(
        command,
        cwd=folder / "data",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        stderr=subprocess.PIPE,
    ) as orphan:
        assert orphan.stderr is not None
        _read_until(orphan.stderr, b"ready to accept connections")

        with PostgresServer(folder) as server:
            answer = server.run_sql("SELECT 1")

        assert answer.strip() == "1"
        assert orphan.wait() == 0


def test_a_port_in_use_is_named(folder: Path, server: PostgresServer, tmp_path: Path) -> None:
    second = PostgresServer(tmp_path / "second", port=server.port, durable=False)

    with pytest.raises(PortalError, match=f"port {server.port}: Address already in use"):
        second.start()


def test_a_chosen_port_is_kept(folder: Path) -> None:
    port = free_port()

    with PostgresServer(folder, port=port, durable=False) as server:
        assert server.run_sql("SHOW port").strip() == str(port)


def test_two_launchers_never_share_a_folder(folder: Path, server: PostgresServer) -> None:
    with pytest.raises(PortalError, match=f"already runs here, started by process {os.getpid()}"):
        PostgresServer(folder).start()


def test_an_interrupted_creation_is_done_again(folder: Path) -> None:
    draft = folder / "draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with PostgresServer(folder, durable=False) as server:
        assert server.run_sql("SELECT 1").strip() == "1"


def test_damaged_data_are_reported_with_the_log(folder: Path) -> None:
    with PostgresServer(folder, durable=False):
        pass
    (folder / "data" / "global" / "pg_control").write_bytes(b"\0" * 8192)

    with pytest.raises(PortalError, match=r"PostgreSQL did not start\. Its log ends with:"):
        PostgresServer(folder, durable=False).start()


def test_a_refused_statement_says_why(server: PostgresServer) -> None:
    with pytest.raises(PortalError, match='relation "nowhere" does not exist'):
        server.run_sql("SELECT * FROM nowhere")


def _launcher(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _read_until(stream: IO[bytes], text: bytes) -> None:
    assert any(text in line for line in stream)


def owner_and_mode(path: Path) -> tuple[int, int]:
    return path.stat().st_uid, path.stat().st_mode & 0o777
