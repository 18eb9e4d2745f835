"""The life of an embedded server, whichever it is."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from portal.embedded.account import Account, account_for
from portal.embedded.process import Escalation, ServerProcess
from portal.errors import PortalError
from portal.folder_lock import FolderLock
from portal.ports import require_free, with_free_port
from portal.secret_file import SecretFile


class EmbeddedServer(ABC):
    """One server on 127.0.0.1 with all it keeps in `folder`, behind passwords.

    It dies with this process, even with a killed one, and heals what a killed one left behind.
    Start it from a thread that lives as long as the server. `durable=False` trades safety
    against a power cut for speed: for tests. Passwords are kept in `secrets`, by default a file
    in the folder.
    """

    name: ClassVar[str]
    escalation: ClassVar[Escalation]

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        durable: bool = True,
        secrets: SecretFile | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.durable = durable
        self.secrets = secrets or SecretFile(self.folder / "secrets.json")
        self._wanted_port = port
        self._wanted = False
        self._process: ServerProcess | None = None
        self._lock: FolderLock | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the data folder if missing, and serve. Raises `PortalError`."""
        account = account_for(self.folder)
        self._lock = FolderLock.take(self.folder / "lock", purpose=self.name)
        try:
            self._prepare(account)
            self._serve(account)
        except BaseException:
            self.stop()
            raise
        self._wanted = True

    def stop(self) -> None:
        """End the server cleanly. Harmless when it does not run."""
        self._wanted = False
        if self._process is not None:
            self._process.stop(self.escalation)
            self._process = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def restart(self) -> None:
        """Start again on the same port, after a crash. Raises `PortalError`."""
        self.stop()
        self._wanted_port = self.port
        try:
            self.start()
        finally:
            self._wanted = True

    @property
    def pid(self) -> int:
        """The server's process. Raises `PortalError` when it does not run."""
        if self._process is None:
            raise PortalError(f"{self.name} does not run.")
        return self._process.child.pid

    @property
    def crashed(self) -> bool:
        """Whether it ought to run, but has ended by itself."""
        return self._wanted and (self._process is None or self._process.child.poll() is not None)

    @property
    def data(self) -> Path:
        """The folder that the server works in."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it says, since its last start."""
        return self.folder / "log"

    @abstractmethod
    def _prepare(self, account: Account) -> None:
        """Stop what a killed launcher left behind, and make what is missing."""

    @abstractmethod
    def _spawn(self, port: int, account: Account) -> ServerProcess:
        """Start the process."""

    @abstractmethod
    def _await(self, process: ServerProcess) -> None:
        """Return once it serves. Raises `PortalError`."""

    def _serve(self, account: Account) -> None:
        if self._wanted_port:
            require_free(self._wanted_port, purpose=self.name)
            self._serve_on(self._wanted_port, account)
        else:
            with_free_port(lambda port: self._serve_on(port, account))

    def _serve_on(self, port: int, account: Account) -> None:
        self.port = port
        self._process = self._spawn(port, account)
        self._await(self._process)
