"""Where a client is: what our own proxies wrote counts, what clients write does not."""

import pytest
from starlette.requests import Request

from gateway.edge.client_address import client_address


def a_request(*forwarded: str, peer: tuple[str, int] | None = ("192.0.2.9", 4711)) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "headers": headers, "client": peer})


def test_without_proxies_the_header_says_nothing() -> None:
    assert client_address(a_request("203.0.113.1"), 0) == "192.0.2.9"


@pytest.mark.parametrize(
    ("forwarded", "hops", "expected"),
    [
        (["203.0.113.1"], 1, "203.0.113.1"),
        (["198.51.100.66, 203.0.113.1"], 1, "203.0.113.1"),
        (["198.51.100.66", "203.0.113.1"], 1, "203.0.113.1"),
        (["198.51.100.66, 203.0.113.1, 10.0.0.1"], 2, "203.0.113.1"),
        (["203.0.113.1:4711"], 1, "203.0.113.1"),
        (["2001:DB8:0::1"], 1, "2001:db8::1"),
        (["[2001:db8::1]:4711"], 1, "2001:db8::1"),
    ],
)
def test_the_proxies_entry_is_so_many_from_the_right(
    forwarded: list[str], hops: int, expected: str
) -> None:
    assert client_address(a_request(*forwarded), hops) == expected


@pytest.mark.parametrize("forwarded", [[], ["203.0.113.1"], ["", ""]])
def test_who_comes_past_the_proxies_is_known_by_the_connection(forwarded: list[str]) -> None:
    assert client_address(a_request(*forwarded), 2) == "192.0.2.9"


@pytest.mark.parametrize("entry", ["unknown", "_hidden", "203.0.113.1\r\nx: y", "1.2.3.4.5"])
def test_what_is_no_address_is_not_believed(entry: str) -> None:
    assert client_address(a_request(entry), 1) == "192.0.2.9"


def test_a_connection_without_an_address_has_none() -> None:
    assert client_address(a_request(peer=None), 0) is None
