"""Scanners: whether bytes are harmful, as far as somebody can tell.

`clamd://host[:port]` and `clamd+unix:///path` speak to ClamAV's daemon; `signature:` knows the test
file of EICAR and nothing else, for development.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from services.cases.models import Finding

_PORT: Final = 3310
#: Seconds for a connection, for a chunk to be taken, and for the verdict.
_PATIENCE: Final = 60.0
_LONGEST_REPLY: Final = 4_096

#: https://www.eicar.org/download-anti-malware-testfile/: at the very beginning, with nothing but
#: white space behind it, 128 bytes at the most. In two halves, so that this file is not one.
_EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_EICAR_LONGEST: Final = 128


class ScannerUnavailable(Exception):
    """Nobody can tell at the moment."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Nothing was found, or this; `detail` is the scanner's own word, for the log."""

    finding: Finding | None = None
    detail: str = ""


CLEAN: Final = Verdict()


class Scanner(Protocol):
    """Looks through bytes."""

    async def scan(self, content: AsyncIterator[bytes]) -> Verdict:
        """The verdict on them. Raises `ScannerUnavailable`."""


def scanner_at(url: str) -> Scanner:
    """The scanner that a setting names. Raises `ValueError`."""
    parts = urlsplit(url)
    match parts.scheme:
        case "signature":
            return SignatureScanner()
        case "clamd" if parts.hostname:
            return Clamd(host=parts.hostname, port=parts.port or _PORT)
        case "clamd+unix" if parts.path:
            return Clamd(path=parts.path)
        case _:
            raise ValueError("A scanner is clamd://host[:port], clamd+unix:///path or signature:.")


@dataclass(frozen=True, slots=True)
class SignatureScanner:
    """Knows one harmless virus."""

    async def scan(self, content: AsyncIterator[bytes]) -> Verdict:
        """Whether the bytes are the test file of EICAR."""
        beginning = b""
        async for chunk in content:
            beginning += chunk[: _EICAR_LONGEST + 1]
            if len(beginning) > _EICAR_LONGEST:
                return CLEAN
        if beginning.rstrip(b" \t\r\n\x1a") == _EICAR:
            return Verdict(Finding.MALWARE, "EICAR-Test-File")
        return CLEAN


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, by its command INSTREAM (clamd(8))."""

    host: str = ""
    port: int = _PORT
    path: str | None = None

    async def scan(self, content: AsyncIterator[bytes]) -> Verdict:
        """What the daemon says. More than it takes is inconclusive."""
        try:
            async with self._connected() as (reader, writer):
                reply = await _asked(reader, writer, content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise ScannerUnavailable(type(error).__name__) from error
        return _verdict(reply)

    @asynccontextmanager
    async def _connected(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        async with asyncio.timeout(_PATIENCE):
            if self.path is not None:
                reader, writer = await asyncio.open_unix_connection(self.path)
            else:
                reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: AsyncIterator[bytes]
) -> str:
    writer.write(b"zINSTREAM\0")
    try:
        async for chunk in content:
            if chunk:
                writer.write(len(chunk).to_bytes(4) + chunk)
            async with asyncio.timeout(_PATIENCE):
                await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
    except ConnectionError:
        pass  # it has heard enough, and says so
    async with asyncio.timeout(_PATIENCE):
        reply = await reader.readuntil(b"\0")
    return reply[:_LONGEST_REPLY].rstrip(b"\0").decode(errors="replace").strip()


def _verdict(reply: str) -> Verdict:
    said = reply.removeprefix("stream: ")
    if said == "OK":
        return CLEAN
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")
        encrypted = name.startswith("Heuristics.Encrypted") or "Limits.Exceeded" in name
        return Verdict(Finding.INCONCLUSIVE if encrypted else Finding.MALWARE, name)
    if "size limit exceeded" in said:
        return Verdict(Finding.INCONCLUSIVE, said)
    raise ScannerUnavailable(said)
