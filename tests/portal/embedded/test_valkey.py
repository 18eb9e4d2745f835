"""The embedded Valkey: a real one for each test, in a folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.account import NOBODY
from portal.embedded.valkey import ValkeyServer
from portal.errors import PortalError
from portal.ports import HOST
from tests.support.processes import command_line, end, owner, wait_for_end

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must step down")

LAUNCHER = """
import sys
from pathlib import Path
from portal.embedded.valkey import ValkeyServer
server = ValkeyServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Behind a folder that only we may enter."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    return private / ".portal" / "valkey"


@pytest.fixture
def server(folder: Path) -> Iterator[ValkeyServer]:
    with ValkeyServer(folder, durable=False) as server:
        yield server


def test_it_refuses_whoever_has_no_password(server: ValkeyServer) -> None:
    impatient = Retry(NoBackoff(), 0)

    with (
        redis.Redis(HOST, server.port, retry=impatient) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_nobody_reads_the_password_off_the_process_list(server: ValkeyServer) -> None:
    password = server.secrets.secret("valkey")

    assert password not in command_line(server.pid)


@as_root
def test_started_by_root_it_runs_as_nobody(server: ValkeyServer) -> None:
    assert owner(server.pid) == NOBODY


def test_its_data_outlive_a_restart(folder: Path) -> None:
    with ValkeyServer(folder) as first, redis.Redis.from_url(first.url) as client:
        client.set("kept", "42")

    with ValkeyServer(folder) as second, redis.Redis.from_url(second.url) as client:
        assert client.get("kept") == b"42"


def test_a_killed_server_starts_again_on_its_port(folder: Path) -> None:
    with ValkeyServer(folder) as server:
        url = server.url
        end(server.pid, signal.SIGKILL)
        assert wait_for_end(server.pid)

        server.restart()

        assert server.url == url
        with redis.Redis.from_url(url) as client:
            assert client.ping()


def test_a_killed_launcher_takes_its_server_along(folder: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with launcher:
        assert launcher.stdout is not None
        server_pid = int(launcher.stdout.readline())
        launcher.kill()

    assert wait_for_end(server_pid)


def test_a_torn_last_write_does_not_stop_the_start(folder: Path) -> None:
    with ValkeyServer(folder) as first, redis.Redis.from_url(first.url) as client:
        client.set("kept", "42")
    newest = max((folder / "data" / "appendonlydir").glob("*.incr.aof"))
    with newest.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nto")

    with ValkeyServer(folder) as second, redis.Redis.from_url(second.url) as client:
        assert client.get("kept") == b"42"


def test_a_port_in_use_is_named(server: ValkeyServer, tmp_path: Path) -> None:
    second = ValkeyServer(tmp_path / "second", port=server.port)

    with pytest.raises(PortalError, match=f"port {server.port}: Address already in use"):
        second.start()


def test_two_launchers_never_share_a_folder(folder: Path, server: ValkeyServer) -> None:
    with pytest.raises(PortalError, match="already runs here"):
        ValkeyServer(folder).start()
