"""The gateway over nothing but a supergraph file."""

import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from gateway.standalone import create_app
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import SubgraphRequest
from portal.settings import CODE
from tests.support.asgi import call
from tests.support.http import served
from tests.support.subgraphs import a_context
from tests.support.universe import FakeSubgraph, Universe
from tests.support.universes import UNIVERSES

QUERY = "{ products { name isExpensive canAfford } featured { shipping } }"


def over_http(subgraph: FakeSubgraph) -> Starlette:
    """The subgraph as a service of its own."""

    async def answer(request: HttpRequest) -> Response:
        payload = orjson.loads(await request.body())
        asked = SubgraphRequest(
            "any",
            payload["query"],
            payload.get("operationName"),
            payload["variables"],
            a_context(),
        )
        return Response(orjson.dumps(await subgraph(asked)), media_type="application/json")

    return Starlette(routes=[Route("/", answer, methods=["POST"])])


async def test_any_subgraphs_are_federated_from_a_file_alone() -> None:
    world = Universe(UNIVERSES["requires"])
    sdl = world.sdl
    async with AsyncExitStack() as stack:
        for name, subgraph in world.subgraphs.items():
            origin = await stack.enter_async_context(served(over_http(subgraph)))
            sdl = sdl.replace(f'"http://{name}"', f'"{origin}/"')
        app = create_app(read_supergraph(sdl))
        await stack.enter_async_context(app.router.lifespan_context(app))

        answer = await call(
            app,
            "/graphql",
            body=orjson.dumps({"query": QUERY}),
            headers={"content-type": "application/json"},
        )

    assert answer.json == {"data": world.answer(QUERY).data}


def test_it_serves_as_a_process_of_its_own(tmp_path: Path, unused_tcp_port: int) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text(Universe(UNIVERSES["keys"]).sdl)
    port = str(unused_tcp_port)
    command = [sys.executable, "-m", "gateway", "--supergraph", str(file), "--port", port]
    with subprocess.Popen(command, cwd=CODE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            started = next(line for line in process.stderr if "Uvicorn running" in line)
            request = Request(
                f"http://127.0.0.1:{port}/graphql",
                data=b'{"query": "{ __typename }"}',
                headers={"content-type": "application/json"},
            )
            with urlopen(request, timeout=10) as response:
                answer = orjson.loads(response.read())
        finally:
            process.terminate()
            process.stderr.read()

    assert port in started
    assert answer == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("text", ["type Query { x: Int }", "type"])
def test_a_file_that_is_no_supergraph_is_refused_with_its_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text(text)

    ended = subprocess.run(
        [sys.executable, "-m", "gateway", "--supergraph", str(file)],
        cwd=CODE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert "supergraph" in ended.stderr
    assert "Traceback" not in ended.stderr
