"""Whether a process serves yet."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import aiohttp
import pytest

from portal.ports import HOST, free_port
from portal.readiness import is_ready


@contextmanager
def answering(status: int) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}/health/ready"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (404, False)])
async def test_only_200_is_ready(status: int, ready: bool) -> None:
    with answering(status) as address:
        async with aiohttp.ClientSession() as client:
            assert await is_ready(client, address) is ready


@pytest.mark.parametrize("scheme", ["http", "tcp"])
async def test_nobody_there_is_not_ready(scheme: str) -> None:
    async with aiohttp.ClientSession() as client:
        assert not await is_ready(client, f"{scheme}://{HOST}:{free_port()}")


async def test_an_accepted_connection_is_ready(taken_port: int) -> None:
    async with aiohttp.ClientSession() as client:
        assert await is_ready(client, f"tcp://{HOST}:{taken_port}")
