"""Documents by name, over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.composition import Subgraph, compose
from gateway.persisted.names import hash_of
from gateway.persisted.rights import Registrants
from gateway.standalone import open_app
from tests.support.http import served
from tests.support.scripted_source import ScriptedSource
from tests.support.versions import some_settings

ECHO = "type Query { echo(documentId: String, query: Int): String }"
ASK = "query Ask($documentId: String, $query: Int) { echo(documentId: $documentId, query: $query) }"
OTHER = '{ echo(documentId: "other") }'


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client's trusted documents."""
    path: Path = tmp_path_factory.mktemp("documents") / "manifest.json"
    path.write_bytes(orjson.dumps({"ask": ASK}))
    return path


@pytest_asyncio.fixture(scope="module")
async def gateway(manifest: Path) -> AsyncIterator[str]:
    """A gateway where everybody registers, and where `ask` is trusted."""
    async with served(Starlette(routes=[Route("/", echo, methods=["POST"])])) as origin:
        sdl = compose([Subgraph("echo", f"{origin}/", ECHO)]).supergraph_sdl
        assert sdl is not None
        settings = some_settings(trusted_documents=(manifest,), registrants=Registrants.EVERYBODY)
        async with served(await open_app(settings, ScriptedSource(sdl))) as url:
            yield f"{url}/graphql"


async def echo(request: Request) -> Response:
    """A subgraph that answers with the variables it was sent."""
    payload = await request.json()
    variables = json.dumps(payload.get("variables") or {}, sort_keys=True)
    return Response(orjson.dumps({"data": {"echo": variables}}), media_type="application/json")


async def post(url: str, operation: Any) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(url, json=operation) as answer:
        return answer.status, await answer.json(content_type=None)


async def get(url: str, **parameters: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(url, params=parameters) as answer:
        return answer.status, await answer.json(content_type=None)


def by_hash(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}


async def test_a_trusted_document_runs_by_its_id_with_the_variables_of_the_request(
    gateway: str,
) -> None:
    variables = {"documentId": "mine", "query": 1}
    expected = (200, {"data": {"echo": '{"documentId": "mine", "query": 1}'}})

    assert await post(gateway, {"documentId": "ask", "variables": variables}) == expected
    assert await post(gateway, {"doc_id": "ask", "variables": variables}) == expected
    assert await get(gateway, documentId="ask", variables=json.dumps(variables)) == expected


async def test_a_batch_may_name_its_documents(gateway: str) -> None:
    status, answers = await post(gateway, [{"documentId": "ask"}, {"query": OTHER}])

    assert status == 200
    assert [list(answer) for answer in answers] == [["data"], ["data"]]


async def test_a_hash_works_after_the_document_was_sent_once_with_it(gateway: str) -> None:
    unknown = await post(gateway, {"extensions": by_hash(OTHER)})
    sent = await post(gateway, {"query": OTHER, "extensions": by_hash(OTHER)})
    by_post = await post(gateway, {"extensions": by_hash(OTHER)})
    by_get = await get(gateway, extensions=json.dumps(by_hash(OTHER)))

    assert unknown == (
        200,
        {
            "errors": [
                {
                    "message": "PersistedQueryNotFound",
                    "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
                }
            ]
        },
    )
    assert sent == by_post == by_get
    assert "errors" not in sent[1]


async def test_a_document_that_names_another_runs_not_at_all(gateway: str) -> None:
    _, answer = await post(gateway, {"query": OTHER, "extensions": by_hash(ASK)})

    assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_MISMATCH"
    assert "data" not in answer


async def test_a_named_document_is_held_to_the_limits_each_time(gateway: str) -> None:
    many = f"{{ {' '.join(f'field{number}: echo' for number in range(200))} }}"

    _, sent = await post(gateway, {"query": many, "extensions": by_hash(many)})
    _, named = await post(gateway, {"extensions": by_hash(many)})

    codes = [answer["errors"][0]["extensions"]["code"] for answer in (sent, named)]
    assert codes == ["LIMIT_EXCEEDED", "LIMIT_EXCEEDED"]


async def test_an_id_of_another_type_is_refused(gateway: str) -> None:
    _, answer = await post(gateway, {"documentId": 7})

    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
