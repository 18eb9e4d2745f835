"""Two subgraphs that answer which version of the supergraph led a request to them."""

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.composition import Subgraph, compose
from gateway.settings import EngineSettings
from tests.support.asgi import Answer, call

#: One request to each subgraph, the second after the first.
QUERY: Final = "{ thing { one two } }"

SCHEMAS: Final = {
    "first": """
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Query { thing: Thing }
        type Thing @key(fields: "id") { id: ID! one: String }
    """,
    "second": """
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Thing @key(fields: "id") { id: ID! two: String }
    """,
}


def supergraph(origin: str, version: str, **more: str) -> str:
    """Its addresses name the version; `more` is appended to the subgraphs' schemas."""
    members = [
        Subgraph(name, f"{origin}/{version}/{name}", sdl + more.get(name, ""))
        for name, sdl in SCHEMAS.items()
    ]
    composition = compose(members)
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


def answered(version: str) -> dict[str, Any]:
    """What `QUERY` answers when nothing but this version was used."""
    return {"data": {"thing": {"one": version, "two": version}}}


@dataclass(slots=True)
class Deployment:
    """Both subgraphs, in all versions. A version whose gate is closed keeps its callers waiting."""

    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _entered: asyncio.Event = field(default_factory=asyncio.Event)

    def close_gate(self, version: str) -> asyncio.Event:
        """Nothing is answered for this version until the event is set."""
        return self.gates.setdefault(version, asyncio.Event())

    async def entered(self) -> None:
        """Wait until the first request has come."""
        async with asyncio.timeout(20):
            await self._entered.wait()

    @property
    def app(self) -> Starlette:
        """To be served."""
        return Starlette(
            routes=[
                Route("/{version}/first", self._first, methods=["POST"]),
                Route("/{version}/second", self._second, methods=["POST"]),
            ]
        )

    async def _first(self, request: Request) -> Response:
        version = request.path_params["version"]
        self._entered.set()
        gate = self.gates.get(version)
        if gate is not None:
            await gate.wait()
        thing = {"__typename": "Thing", "id": "1", "one": version}
        return _json({"data": {"thing": thing}})

    async def _second(self, request: Request) -> Response:
        return _json({"data": {"_entities": [{"two": request.path_params["version"]}]}})


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")


def replace_file(path: Path, text: str) -> None:
    """As deployments do it: written beside, and moved."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, path)


def some_settings(**told: Any) -> EngineSettings:
    """That look often."""
    return EngineSettings(**{"poll": 0.01, **told})


async def ask(app: ASGIApp, *queries: str) -> Answer:
    """One request; more than one query are a batch."""
    operations = [{"query": query} for query in queries]
    body = orjson.dumps(operations if len(operations) > 1 else operations[0])
    return await call(app, "/graphql", body=body, headers={"content-type": "application/json"})


async def health(app: ASGIApp) -> Any:
    """What the gateway says of its supergraph."""
    return (await call(app, "/health/supergraph", method="GET")).json


class Heard(logging.Handler):
    """What a logger said, for those who wait for it to be said."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []
        self._news = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)
        self._news.set()

    def of(self, event: str) -> list[dict[str, Any]]:
        """The fields of these events, in their order."""
        return [vars(record) for record in self.records if record.getMessage() == event]

    async def times(self, event: str, number: int) -> None:
        """Wait until it was said so often."""
        async with asyncio.timeout(20):
            while len(self.of(event)) < number:
                self._news.clear()
                await self._news.wait()


@contextmanager
def heard(name: str) -> Iterator[Heard]:
    """Listens to a logger."""
    logger, handler = logging.getLogger(name), Heard()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
