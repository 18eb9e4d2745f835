"""Bringing the services' databases up to date, all at once."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portal.embedded.process import explain
from portal.errors import PortalError
from portal.leash import leashed
from portal.settings import CODE

_SECONDS: Final = 600


def migrate(environments: Mapping[str, Mapping[str, str]], *, folder: Path = CODE) -> None:
    """Run `kit.migrations` for each service, in its environment. Raises `PortalError`.

    In processes of their own: services do not share a registry of tables.
    """
    running = {
        name: subprocess.Popen(
            leashed([sys.executable, "-m", "kit.migrations", name]),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        for name, environment in environments.items()
    }
    failures = [failure for name, each in running.items() if (failure := _failure(name, each))]
    if failures:
        raise PortalError("\n".join(failures))


def _failure(name: str, process: subprocess.Popen[str]) -> str | None:
    try:
        output, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"The {name} database was not up to date within {_SECONDS} s."
    if process.returncode == 0:
        return None
    return explain(f"The {name} database", "could not be brought up to date", output)
