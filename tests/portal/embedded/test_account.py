"""Who runs a server, and from where its programs can be started."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded.account import NOBODY, Account, Programs, account_for, installed_package
from portal.errors import PortalError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")

OURSELVES = Account(os.geteuid(), os.getegid())


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everyone can read, as /var/cache is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def programs(tmp_path: Path, shared: Path) -> Programs:
    """A program and what it reads, in a folder that only we enter."""
    package = tmp_path / "private" / "package"
    (package / "bin").mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    (package / "answer").write_text("18\n")
    program = package / "bin" / "server"
    program.write_text('#!/bin/sh\ncat "$(dirname "$0")/../answer"\n')
    program.chmod(0o700)
    return Programs("server", tmp_path / "private", ("package",), "package/bin/server", (shared,))


def test_programs_within_reach_are_used_where_they_are(programs: Programs) -> None:
    assert programs.for_account(OURSELVES) == programs.root


@as_root
def test_programs_out_of_reach_are_copied_once_for_others_to_run(programs: Programs) -> None:
    nobody = Account(NOBODY, NOBODY)

    first = programs.for_account(nobody)
    second = programs.for_account(nobody)

    assert first == second
    assert first.is_relative_to(programs.shared[0])
    assert nobody.runs(first / programs.probe)
    assert (programs.root.stat().st_mode & 0o777) == 0o700


@as_root
def test_nobody_else_can_change_the_copy(programs: Programs) -> None:
    copy = programs.for_account(Account(NOBODY, NOBODY))

    modes = [path.stat().st_mode & 0o022 for path in [copy.parent, copy, *copy.rglob("*")]]
    owners = {path.stat().st_uid for path in [copy.parent, copy, *copy.rglob("*")]}

    assert set(modes) == {0}
    assert owners == {0}


@as_root
def test_a_new_version_is_copied_anew(programs: Programs) -> None:
    nobody = Account(NOBODY, NOBODY)
    first = programs.for_account(nobody)

    program = programs.root / programs.probe
    program.write_text(program.read_text() + "# newer\n")

    assert programs.for_account(nobody) != first


@as_root
def test_a_prepared_place_of_somebody_elses_is_not_trusted(programs: Programs) -> None:
    trap = programs.shared[0] / "customer-portal"
    trap.mkdir()
    os.chown(trap, NOBODY, NOBODY)

    with pytest.raises(PortalError, match=f"User {NOBODY} cannot execute"):
        programs.for_account(Account(NOBODY, NOBODY))


def test_a_program_that_does_not_work_is_reported(programs: Programs) -> None:
    (programs.root / "package" / "answer").unlink()

    with pytest.raises(PortalError, match="cannot execute"):
        programs.for_account(OURSELVES)


@as_root
def test_root_lets_nobody_pass_but_keeps_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"

    assert account_for(folder) == Account(NOBODY, NOBODY)
    assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (0, 0o711)


@as_root
def test_root_serves_the_data_of_a_user_as_that_user(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    os.chown(folder, 1, 1)

    assert account_for(folder) == Account(1, 1)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PortalError, match=r"file/postgres cannot be used: Not a directory"):
        account_for(tmp_path / "file" / "postgres")


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(PortalError, match="nowhere-at-all is not installed"):
        installed_package("nowhere_at_all", wheel="nowhere-at-all")
