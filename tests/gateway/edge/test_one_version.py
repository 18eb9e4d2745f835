"""A request that begins on one version of the supergraph and outlives it."""

import asyncio
from typing import cast

import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway.edge.one_version import OneVersion
from gateway.pipeline import Pipeline
from gateway.transport.sessions import Sessions
from gateway.versions import Version, Versions


class Swapping:
    """An application while which the version changes; it tells what it met before and after."""

    def __init__(self) -> None:
        self.versions = Versions()
        self.met: list[str] = []
        self.versions.replace(self.a_version("old"))

    def a_version(self, digest: str) -> Version:
        return Version(digest, cast(Pipeline, object()), Sessions().lease())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._operation()
        self.versions.replace(self.a_version("new"))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._operation())

    async def _operation(self) -> None:
        with self.versions.pinned():
            self.met.append(self.versions.here.digest)


@pytest.mark.parametrize(("kind", "met"), [("http", ["old", "old"]), ("websocket", ["old", "new"])])
async def test_what_answers_once_meets_one_version_and_what_stays_meets_them_all(
    kind: str, met: list[str]
) -> None:
    app = Swapping()

    await OneVersion(app, app.versions)({"type": kind}, _receive, _send)

    assert app.met == met


async def _receive() -> Message:
    return {"type": "http.request"}


async def _send(message: Message) -> None:
    """Nothing is sent."""
