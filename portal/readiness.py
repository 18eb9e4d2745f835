"""Whether a process serves yet."""

import asyncio
import urllib.parse

import aiohttp


async def is_ready(client: aiohttp.ClientSession, address: str) -> bool:
    """Ask once: an http:// address must answer 200, a tcp:// one must accept a connection."""
    if address.startswith("tcp://"):
        return await _accepts(address)
    try:
        async with client.get(address) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _accepts(address: str) -> bool:
    parts = urllib.parse.urlsplit(address)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
