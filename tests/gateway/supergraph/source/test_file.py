"""A supergraph in a file that changes."""

import asyncio
import os
from pathlib import Path

import pytest

from gateway.errors import InvalidSupergraph
from gateway.supergraph.source.file import FileSource
from gateway.supergraph.source.source import SupergraphUnavailable
from tests.support.versions import replace_file


def over(path: Path) -> FileSource:
    return FileSource(path, interval=1, max_size=1024)


async def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text("one")
    source = over(file)

    first, again = await source.read(), await source.read()
    replace_file(file, "two")
    changed = await source.read()

    assert (first, again, changed) == ("one", None, "two")


async def test_a_change_that_keeps_size_and_time_but_not_the_file_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text("one")
    status = file.stat()
    source = over(file)
    await source.read()

    replace_file(file, "two")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert await source.read() == "two"


async def test_a_link_that_leads_elsewhere_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("one")
    (tmp_path / "new").write_text("two")
    link = tmp_path / "supergraph.graphql"
    link.symlink_to("old")
    source = over(link)
    await source.read()

    (tmp_path / "next").symlink_to("new")
    os.replace(tmp_path / "next", link)

    assert await source.read() == "two"


async def test_a_file_that_is_being_written_is_read_when_it_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text("one")
    source = over(file)
    await source.read()

    with file.open("w") as opened:
        opened.write("half ")
        opened.flush()
        # The loop keeps the order of its timers: this one ends before the source's wait does.
        asyncio.get_running_loop().call_later(0.01, opened.write, "and half")
        asyncio.get_running_loop().call_later(0.02, opened.flush)
        texts = [await source.read(), await source.read()]

    assert [text for text in texts if text is not None] == ["half and half"]


async def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"

    class Writing(FileSource):
        """Whose file grows after each of the first three looks at its status."""

        looks = 0

        def _stamp(self) -> tuple[int, int, int, int]:
            stamp = super()._stamp()
            self.looks += 1
            with file.open("a") as opened:
                opened.write("+" * (self.looks <= 3))
            return stamp

    file.write_text("one")
    source = Writing(file, interval=1, max_size=1024)

    texts = [await source.read() for _ in range(5)]

    assert [text for text in texts if text is not None] == ["one+++"]


async def test_a_missing_file_is_unavailable_until_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    source = over(file)

    with pytest.raises(SupergraphUnavailable, match="No such file"):
        await source.read()

    file.write_text("one")
    assert await source.read() == "one"


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfe", "UTF-8"), (b"x" * 1025, "more than 1024 bytes")]
)
async def test_content_that_is_no_text_or_too_much_is_refused_once(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_bytes(content)
    source = over(file)

    with pytest.raises(InvalidSupergraph, match=reason):
        await source.read()

    assert await source.read() is None


async def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_bytes(b"\xef\xbb\xbfone")

    assert await over(file).read() == "one"
