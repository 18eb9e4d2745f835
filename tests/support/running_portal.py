"""The whole portal as real processes, as `make up` starts it, with its own data folder."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession

from portal import demo
from portal.home import Home
from portal.settings import CODE, SERVICES
from tests.support.processes import command_line

_GRAPHQL = re.compile(r"(http://127\.0\.0\.1:\d+)/graphql")
_ORIGIN = re.compile(r"(identity|cases|licensing|billing)\s+(http://127\.0\.0\.1:\d+)")
_POSTGRES = re.compile(r"postgres\s+127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class RunningPortal:
    """A portal that answers."""

    process: subprocess.Popen[str]
    url: str
    services: Mapping[str, str]
    database_urls: Mapping[str, str]

    def service_process(self, name: str) -> int:
        """The process id of a service."""
        return self._process(f"services.{name}.app:create_app")

    @property
    def gateway_process(self) -> int:
        """The process id of the gateway."""
        return self._process("gateway.app:create_app")

    def _process(self, wanted: str) -> int:
        pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        [pid] = [pid for pid in pids if _serves(pid, wanted, self.process.pid)]
        return pid

    def client(self, session: ClientSession) -> "Client":
        """Somebody who has not signed in."""
        return Client(self, session)


@dataclass
class Client:
    """One caller of the gateway."""

    portal: RunningPortal
    session: ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def signed_in(self, login: str) -> Self:
        """The same as a demo user, by the part of the address before `@`."""
        body = {"email": f"{login}@example.com", "password": demo.PASSWORD}
        async with self.session.post(f"{self.portal.url}/auth/sign-in", json=body) as response:
            answer = await response.json()
        self.headers["authorization"] = f"Bearer {answer['accessToken']}"
        return self

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The answer to an operation."""
        body = {"query": query, "variables": variables}
        url = f"{self.portal.url}/graphql"
        async with self.session.post(url, json=body, headers=self.headers) as response:
            return await response.json(content_type=None)


@contextmanager
def running_portal(folder: Path) -> Iterator[RunningPortal]:
    """Start it on free ports, and end it with all its processes."""
    home = folder / "portal"
    with subprocess.Popen(
        [sys.executable, "-m", "portal", "up", "--port", "0"],
        cwd=CODE,
        env={**os.environ, "PORTAL_HOME": str(home), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said = _until_ready(process)
            with _drained(process):
                yield RunningPortal(
                    process=process,
                    url=_found(_GRAPHQL, said),
                    services=dict(_ORIGIN.findall(said)),
                    database_urls=_database_urls(Home(home), _found(_POSTGRES, said)),
                )
        finally:
            process.send_signal(signal.SIGTERM)


def _until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(said)
    raise AssertionError("The portal did not start:\n" + "".join(said))


@contextmanager
def _drained(process: subprocess.Popen[str]) -> Iterator[None]:
    """Read on, so that nobody who writes a line has to wait; until the process has ended."""
    assert process.stdout is not None
    reading = threading.Thread(target=process.stdout.read)
    reading.start()
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        reading.join()


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match is not None, text
    return match[1]


def _database_urls(home: Home, port: str) -> dict[str, str]:
    passwords = {name: home.secrets.secret(f"postgres.{name}") for name in SERVICES}
    return {
        name: f"postgresql://{name}:{password}@127.0.0.1:{port}/{name}"
        for name, password in passwords.items()
    }


def _serves(pid: int, wanted: str, portal: int) -> bool:
    try:
        return wanted in command_line(pid) and portal in _ancestors(pid)
    except (FileNotFoundError, ProcessLookupError):
        return False


def _ancestors(pid: int) -> list[int]:
    found = []
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        found.append(pid)
    return found
