"""One holder at a time, known by its pid."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.errors import PortalError
from portal.folder_lock import FolderLock, lock_holder
from portal.settings import CODE

HOLDER = """
import sys
from pathlib import Path
from portal.folder_lock import FolderLock
FolderLock.take(Path(sys.argv[1]), purpose="The portal")
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_second_holder_is_refused_with_the_first_ones_pid(tmp_path: Path) -> None:
    lock = FolderLock.take(tmp_path / "lock", purpose="The portal")

    with pytest.raises(PortalError, match=f"The portal already runs here.*{os.getpid()}"):
        FolderLock.take(tmp_path / "lock", purpose="The portal")

    lock.release()


def test_a_released_lock_can_be_taken(tmp_path: Path) -> None:
    FolderLock.take(tmp_path / "lock", purpose="The portal").release()

    FolderLock.take(tmp_path / "lock", purpose="The portal").release()

    assert lock_holder(tmp_path / "lock") is None


def test_a_killed_holder_holds_nothing_although_its_pid_is_still_written(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=CODE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        while_alive = lock_holder(path)

        holder.kill()
        holder.wait()

    assert while_alive == holder.pid
    assert path.read_text() == f"{holder.pid}\n"
    assert lock_holder(path) is None


def test_without_a_file_nobody_holds(tmp_path: Path) -> None:
    assert lock_holder(tmp_path / "lock") is None
