"""Ports of this machine."""

import socket

import pytest

from portal.errors import PortalError
from portal.ports import HOST, free_port, free_ports, require_free, with_free_port


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_free_port_passes() -> None:
    require_free(free_port(), purpose="The gateway")


def test_a_taken_port_is_named_with_who_wants_it(taken_port: int) -> None:
    with pytest.raises(PortalError, match=f"The gateway cannot use port {taken_port}: Address"):
        require_free(taken_port, purpose="The gateway")


def test_losing_a_port_to_a_faster_program_tries_another() -> None:
    tried: list[int] = []

    def start(port: int) -> None:
        tried.append(port)
        with socket.socket() as rival:
            rival.bind((HOST, port))
            rival.listen()
            rivals.append(rival.dup())
        raise PortalError("Address already in use")

    rivals: list[socket.socket] = []
    with pytest.raises(PortalError):
        with_free_port(start)

    assert len(set(tried)) == 3
    for rival in rivals:
        rival.close()


def test_another_failure_is_not_tried_again() -> None:
    tried: list[int] = []

    def start(port: int) -> None:
        tried.append(port)
        raise PortalError("The disk is full.")

    with pytest.raises(PortalError, match="disk"):
        with_free_port(start)

    assert len(tried) == 1
