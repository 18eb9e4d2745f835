"""The system user a server runs as, and programs that this user can execute.

PostgreSQL refuses to run as root. Root's servers therefore run as `nobody`, although the data
and the virtual environment may lie in a folder that only root enters: the server works in the
data folder it is started in, and its programs are copied to where everyone can read them. No
folder outside the server's own changes its owner or mode.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.errors import PortalError

NOBODY: Final = 65534
_ROOT: Final = 0
_UNNEEDED: Final = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig", "__pycache__")


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give the path to this account, if it is not already."""
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def runs(self, program: Path) -> bool:
        """Whether this account can execute the program (asked by running `--version`)."""
        try:
            done = subprocess.run(
                [program, "--version"],
                capture_output=True,
                cwd="/",
                timeout=30,
                check=False,
                user=None if self.is_ours else self.uid,
                group=None if self.is_ours else self.gid,
                extra_groups=None if self.is_ours else [],
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as the account already."""
        return self.uid == os.geteuid()


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs of an installed package: `folders` under `root` are what they need to run."""

    name: str
    root: Path
    folders: tuple[str, ...]
    probe: str
    #: Where a copy may go: the first that root owns, everyone reads and programs start from.
    shared: tuple[Path, ...] = (Path("/var/cache"), Path(tempfile.gettempdir()))

    def for_account(self, account: Account) -> Path:
        """A root under which the account can execute the programs. Raises `PortalError`."""
        if account.runs(self.root / self.probe):
            return self.root
        for place in _shared_places(self.shared):
            copy = self._copied_to(place)
            if copy is not None and account.runs(copy / self.probe):
                return copy
        raise PortalError(
            f"User {account.uid} cannot execute {self.root / self.probe}, nor a copy of it. "
            "Start the portal as an ordinary user, or use servers of your own."
        )

    def _copied_to(self, place: Path) -> Path | None:
        copy = place / f"{self.name}-{self._fingerprint()}"
        if copy.is_dir():
            return copy
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=place) as workplace:
            draft = Path(workplace) / copy.name
            for folder in self.folders:
                shutil.copytree(self.root / folder, draft / folder, ignore=_UNNEEDED, symlinks=True)
            _open_to_all(draft)
            # Whoever else makes the same copy just now makes an equal one.
            draft.rename(copy)
        return copy if copy.is_dir() else None

    def _fingerprint(self) -> str:
        facts = (self.root / self.probe).stat()
        text = f"{self.root}\n{facts.st_size}\n{facts.st_mtime_ns}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def installed_package(name: str, *, wheel: str) -> Path:
    """The folder of an installed package, found without running its code."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise PortalError(f"{wheel} is not installed: install the `portal` extra, or set a URL.")
    return Path(found.submodule_search_locations[0])


def account_for(folder: Path) -> Account:
    """Who shall run a server that keeps its things in this folder, made if missing.

    We do; for root, the folder's owner, or nobody when that is root as well. The folder stays
    root's then, and nobody only passes through: a server cannot plant links for root to follow.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        owner = folder.stat()
    except OSError as error:
        raise PortalError(f"{folder} cannot be used: {error.strerror}.") from error
    if os.geteuid() != _ROOT:
        if owner.st_uid != os.geteuid():
            raise PortalError(f"{folder} belongs to user {owner.st_uid}: start the portal as them.")
        return Account(os.geteuid(), os.getegid())
    if owner.st_uid != _ROOT:
        return Account(owner.st_uid, owner.st_gid)
    folder.chmod(0o711)
    return Account(NOBODY, NOBODY)


def _shared_places(parents: Sequence[Path]) -> Iterator[Path]:
    """Folders of root's that everyone can read and nobody else can write."""
    for parent in parents:
        place = parent / "customer-portal"
        try:
            place.mkdir(mode=0o755, exist_ok=True)
            facts = place.lstat()
            if facts.st_uid == os.geteuid() and place.is_dir() and not place.is_symlink():
                place.chmod(0o755)
                yield place
        except OSError:
            continue


def _open_to_all(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode & 0o755 | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
