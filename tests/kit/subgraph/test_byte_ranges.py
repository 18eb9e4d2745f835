"""Which bytes a request asks for (RFC 9110, section 14)."""

import time

import pytest

from kit.subgraph.byte_ranges import OutOfRange, byte_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-4", (2, 5)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=9-99", (9, 10)),
        (" Bytes=0-1 ", (0, 2)),
    ],
)
def test_a_range_is_from_where_up_to_but_not_including_where(
    header: str, wanted: tuple[int, int]
) -> None:
    assert byte_range(header, 10) == wanted


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=1-2,4-5"),
        *("bytes=1 -2", "lines=1-2", "bytes=--2", "bytes=+1-2", "bytes=١-٢"),
        f"bytes={'1' * 30}-",
    ],
)
def test_what_cannot_be_read_and_several_ranges_are_ignored(header: str | None) -> None:
    assert byte_range(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_with_nothing_in_it_is_refused(header: str) -> None:
    with pytest.raises(OutOfRange):
        byte_range(header, 10)


def test_nothing_of_an_empty_file_is_in_any_range() -> None:
    with pytest.raises(OutOfRange):
        byte_range("bytes=0-", 0)


@pytest.mark.parametrize("piece", ["0-0,", "-", " ", "9"])
def test_a_long_header_costs_no_more_than_its_length(piece: str) -> None:
    header = "bytes=" + piece * 200_000
    started = time.process_time()

    assert byte_range(header, 10) is None

    assert time.process_time() - started < 0.5
