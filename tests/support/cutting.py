"""A network that breaks: a proxy that cuts connections."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Cuts:
    """Connections to an origin, cut when so many bytes in all have gone towards it."""

    origin: str
    after: Sequence[int]
    sent: int = 0
    made: int = 0
    url: str = field(default="", init=False)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        there = urlsplit(self.origin)
        to_reader, to_writer = await asyncio.open_connection(there.hostname, there.port)
        back = asyncio.create_task(_copied(to_reader, writer))
        try:
            while chunk := await reader.read(64 * 1024):
                to_writer.write(chunk)
                await to_writer.drain()
                self.sent += len(chunk)
                if self.made < len(self.after) and self.sent >= self.after[self.made]:
                    self.made += 1
                    return
        except ConnectionError:
            pass
        finally:
            back.cancel()
            for each in (writer, to_writer):
                each.transport.abort()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(64 * 1024):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def cut(origin: str, after: Sequence[int]) -> AsyncIterator[Cuts]:
    """The way to an origin, cut after each of these numbers of bytes."""
    cuts = Cuts(origin, after)
    server = await asyncio.start_server(cuts.carry, "127.0.0.1", 0)
    cuts.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield cuts
