"""Whether a file is harmful, as ClamAV says it, and as far as a development machine can tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.cases.models import Finding
from services.cases.uploads.scanners import (
    CLEAN,
    Clamd,
    ScannerUnavailable,
    SignatureScanner,
    Verdict,
    scanner_at,
)

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


async def chunks(*content: bytes) -> AsyncIterator[bytes]:
    for each in content:
        yield each


@asynccontextmanager
async def a_daemon(reply: bytes, heard: list[bytes], *, most: int = 1 << 30) -> AsyncIterator[int]:
    """Takes INSTREAM as clamd(8) tells it, up to `most` bytes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\0"))
        size = 0
        while (length := int.from_bytes(await reader.readexactly(4))) and size <= most:
            heard.append(await reader.readexactly(length))
            size += length
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("reply", "finding"),
    [
        (b"stream: OK\0", None),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Finding.MALWARE),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", Finding.INCONCLUSIVE),
        (b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0", Finding.INCONCLUSIVE),
        (b"INSTREAM size limit exceeded. ERROR\0", Finding.INCONCLUSIVE),
    ],
)
async def test_the_daemons_word_is_the_verdict(reply: bytes, finding: Finding | None) -> None:
    heard: list[bytes] = []
    async with a_daemon(reply, heard) as port:
        verdict = await Clamd("127.0.0.1", port).scan(chunks(b"abc", b"", b"de"))

    assert verdict.finding is finding
    assert heard == [b"zINSTREAM\0", b"abc", b"de"]


async def test_a_daemon_that_has_heard_enough_is_listened_to() -> None:
    heard: list[bytes] = []
    reply = b"INSTREAM size limit exceeded. ERROR\0"
    async with a_daemon(reply, heard, most=1) as port:
        verdict = await Clamd("127.0.0.1", port).scan(chunks(b"abc", b"de"))

    assert verdict.finding is Finding.INCONCLUSIVE


@pytest.mark.parametrize("reply", [b"stream: Can't allocate memory ERROR\0", b"", b"what?\0"])
async def test_a_daemon_that_gives_no_verdict_is_unavailable(reply: bytes) -> None:
    async with a_daemon(reply, []) as port:
        with pytest.raises(ScannerUnavailable):
            await Clamd("127.0.0.1", port).scan(chunks(b"abc"))


async def test_no_daemon_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable):
        await Clamd(path=str(tmp_path / "none.sock")).scan(chunks(b"abc"))


@pytest.mark.parametrize("content", [EICAR, EICAR + b"\r\n", EICAR[:30] + EICAR[30:] + b" " * 40])
async def test_the_test_file_is_known_without_a_daemon(content: bytes) -> None:
    verdict = await SignatureScanner().scan(chunks(content[:20], content[20:]))

    assert verdict == Verdict(Finding.MALWARE, "EICAR-Test-File")


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"abc" + EICAR, EICAR + b"abc", EICAR + b" " * 61]
)
async def test_other_files_are_not(content: bytes) -> None:
    assert await SignatureScanner().scan(chunks(content)) == CLEAN


@pytest.mark.parametrize(
    ("url", "scanner"),
    [
        ("clamd://scanner.example.com", Clamd("scanner.example.com", 3310)),
        ("clamd://127.0.0.1:4000", Clamd("127.0.0.1", 4000)),
        ("clamd+unix:///run/clamd.ctl", Clamd(path="/run/clamd.ctl")),
        ("signature:", SignatureScanner()),
    ],
)
def test_a_setting_names_a_scanner(url: str, scanner: object) -> None:
    assert scanner_at(url) == scanner


@pytest.mark.parametrize("url", ["", "clamd:", "none:", "http://127.0.0.1"])
def test_a_setting_that_names_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="A scanner is"):
        scanner_at(url)
