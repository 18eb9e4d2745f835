"""The subgraphs' schemas: as the code has them now, and as they are committed."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portal.errors import PortalError
from portal.leash import leashed
from portal.settings import CODE, SERVICES

SUPERGRAPH: Final = CODE / "gateway" / "supergraph.graphql"

#: Where the gateway finds each service unless it is told otherwise.
_FIRST_PORT: Final = 4001


def committed_path(service: str) -> Path:
    """The file in which a service commits its schema."""
    return CODE / "services" / service / "schema.graphql"


def default_url(service: str) -> str:
    """The address of a service of `portal up` on its usual ports."""
    return f"http://127.0.0.1:{_FIRST_PORT + SERVICES.index(service)}/graphql"


def committed_schemas() -> Mapping[str, str]:
    """The committed schemas by service. Raises `PortalError` when one is missing."""
    try:
        return {name: committed_path(name).read_text() for name in SERVICES}
    except FileNotFoundError as error:
        raise PortalError(f"{error.filename} is missing: write it with `portal schema`.") from error


def printed_schemas() -> Mapping[str, str]:
    """What the code has now. Raises `PortalError`.

    Each service prints in a process of its own: they do not share a registry of types.
    """
    running = {
        name: subprocess.Popen(
            leashed([sys.executable, "-m", f"services.{name}.schema"]),
            cwd=CODE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for name in SERVICES
    }
    return {name: _output(name, process) for name, process in running.items()}


def _output(name: str, process: subprocess.Popen[str]) -> str:
    with process:
        output, complaints = process.communicate()
    if process.returncode != 0:
        raise PortalError(f"The {name} service cannot print its schema:\n{complaints.strip()}")
    return output
