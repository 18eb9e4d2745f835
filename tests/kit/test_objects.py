"""The object store, in a folder and in memory (whose attributes are those of a bucket)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.objects import ObjectNotFound, Objects, RangeNotSatisfiable, UnsafeKey, safe

MEBIBYTE = 1024 * 1024


@pytest.fixture(params=["file", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    return Objects.open(
        {"file": tmp_path.as_uri() + "/a%20b", "memory": "memory:///"}[request.param]
    )


async def pieces(count: int) -> AsyncIterator[bytes]:
    for n in range(count):
        yield bytes([n]) * MEBIBYTE


async def read(objects: Objects, key: str, start: int = 0, end: int | None = None) -> bytes:
    opened = await objects.get(key, start=start, end=end)
    return b"".join([chunk async for chunk in opened.chunks])


async def test_what_is_put_is_what_is_got(objects: Objects) -> None:
    await objects.put("exports/1/a.csv", b"1;2", content_type="text/csv", metadata={"name": "é ☃"})

    described = await objects.head("exports/1/a.csv")

    assert await read(objects, "exports/1/a.csv") == b"1;2"
    assert (described.size, described.content_type) == (3, "text/csv")
    assert described.metadata == {"name": "é ☃"}


async def test_content_may_come_in_pieces(objects: Objects) -> None:
    await objects.put("big", pieces(12))

    assert await read(objects, "big") == b"".join([piece async for piece in pieces(12)])


async def test_a_large_object_is_never_read_whole(tmp_path: Path) -> None:
    objects = Objects.open(tmp_path.as_uri())
    await objects.put("big", pieces(12))

    opened = await objects.get("big")

    assert max([len(chunk) async for chunk in opened.chunks]) <= 2 * MEBIBYTE


async def test_a_file_can_be_put(objects: Objects, tmp_path: Path) -> None:
    path = tmp_path / "file"
    await asyncio.to_thread(path.write_bytes, b"content")

    await objects.put("file", path)

    assert await read(objects, "file") == b"content"


async def test_content_that_breaks_off_leaves_what_was_there(objects: Objects) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for piece in pieces(12):
            yield piece
        raise LookupError

    await objects.put("key", b"old")

    with pytest.raises(LookupError):
        await objects.put("key", broken())

    assert await read(objects, "key") == b"old"


@pytest.mark.parametrize(
    ("start", "end", "content"),
    [(0, 3, b"012"), (7, None, b"789"), (7, 100, b"789"), (9, None, b"9"), (4, 4, b"")],
)
async def test_a_part_is_got_by_its_range(
    objects: Objects, start: int, end: int | None, content: bytes
) -> None:
    await objects.put("key", b"0123456789")

    assert await read(objects, "key", start, end) == content


@pytest.mark.parametrize(("start", "end"), [(10, None), (11, None), (-1, None), (5, 4)])
async def test_a_range_behind_the_end_is_refused_with_the_size(
    objects: Objects, start: int, end: int | None
) -> None:
    await objects.put("key", b"0123456789")

    with pytest.raises(RangeNotSatisfiable) as refusal:
        await objects.get("key", start=start, end=end)

    assert refusal.value.size == 10


async def test_an_object_may_be_empty(objects: Objects) -> None:
    await objects.put("key", b"")

    assert await read(objects, "key") == b""


async def test_what_is_missing_is_not_found(objects: Objects) -> None:
    with pytest.raises(ObjectNotFound):
        await objects.head("key")
    with pytest.raises(ObjectNotFound):
        await objects.get("key")


async def test_deleting_twice_is_deleting_once(objects: Objects) -> None:
    await objects.put("key", b"1", metadata={"a": "b"})

    await objects.delete("key")
    await objects.delete("key")

    assert [each async for each in objects.list()] == []
    with pytest.raises(ObjectNotFound):
        await objects.head("key")


async def test_a_folder_lists_what_is_in_it(objects: Objects) -> None:
    for key in ("a/1", "a/b/2", "ab/3", "c"):
        await objects.put(key, key.encode())

    below = [(each.key, each.size) async for each in objects.list("a")]
    everything = [each.key async for each in objects.list()]

    assert sorted(below) == [("a/1", 3), ("a/b/2", 5)]
    assert sorted(everything) == ["a/1", "a/b/2", "ab/3", "c"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "..",
        "a/../b",
        ".attributes/a",
        "a/.hidden",
        "a b",
        "a\\b",
        "a\0",
        "a\n",
        "é",
        "C:x",
        "-a",
        "a" * 513,
    ],
)
async def test_a_key_that_no_service_makes_is_refused(objects: Objects, key: str) -> None:
    with pytest.raises(UnsafeKey):
        safe(key)
    with pytest.raises(UnsafeKey):
        await objects.put(key, b"")
    with pytest.raises(UnsafeKey):
        await objects.get(key)


def test_a_store_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="ftp"):
        Objects.open("ftp://example.com/")
