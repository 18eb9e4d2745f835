"""TCP ports of this machine."""

import socket
from collections.abc import Callable
from typing import Final

from portal.errors import PortalError

HOST: Final = "127.0.0.1"
_ATTEMPTS: Final = 3


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on just now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def with_free_port(start: Callable[[int], None]) -> None:
    """Start something on a free port, on another one when a program was faster to take it."""
    for attempt in range(_ATTEMPTS):
        port = free_port()
        try:
            return start(port)
        except PortalError:
            if attempt + 1 == _ATTEMPTS or not taken(port):
                raise
    return None


def taken(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def require_free(port: int, *, purpose: str) -> None:
    """Raises `PortalError` when another program listens on the port, or we may not."""
    with socket.socket() as probe:
        # As servers do: connections of a closed server that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortalError(f"{purpose} cannot use port {port}: {error.strerror}.") from error
