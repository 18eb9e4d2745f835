"""One process per folder, enforced by the kernel: the lock dies with its holder."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from portal.errors import PortalError


@dataclass(frozen=True, slots=True)
class FolderLock:
    """A held lock. The file names the holder's pid, which counts only while the lock is held."""

    descriptor: int

    @classmethod
    def take(cls, path: Path, *, purpose: str) -> Self:
        """Raises `PortalError` when another living process holds the lock."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise PortalError(f"{path} cannot be used: {error.strerror}.") from error
        try:
            if not _lock(descriptor):
                holder = _pid_in(descriptor)
                raise PortalError(f"{purpose} already runs here, started by process {holder}.")
            _write_pid(descriptor, path)
        except PortalError:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Let the next one in."""
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)


def lock_holder(path: Path) -> int | None:
    """The living process that holds the lock, if one does."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if _lock(descriptor) else _pid_in(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_pid(descriptor: int, path: Path) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        raise PortalError(f"{path} cannot be written: {error.strerror}.") from error


def _pid_in(descriptor: int) -> int | None:
    text = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
    return int(text) if text.isdecimal() else None
