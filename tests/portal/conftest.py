"""What several tests of the portal need."""

import socket
from collections.abc import Iterator

import pytest

from portal.ports import HOST


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]
