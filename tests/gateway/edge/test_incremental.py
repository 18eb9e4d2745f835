"""However an answer is cut into parts: put together by a client, it is the whole answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.streaming import SCOPE, World, a_world
from tests.support.transports import EVENTS, events, multipart_parts

DEFER, INCREMENTAL = "deferSpec=20220824", "incrementalSpec=v0.2"

QUERIES = [
    "{ clocks { id ... @defer { name } } }",
    "{ number ... @defer { clocks { id name } } }",
    '{ clocks { ... @defer(label: "a") { name ... @defer(label: "b") { secret } } } }',
    '{ ... @defer(label: "a") { number } ... @defer(label: "b") { clocks { name secret } } }',
    "{ ... @defer { clocks { id ... @defer { name ... @defer { secret } } } } number }",
    "{ clocks { ...A } } fragment A on Clock { id ... @defer { name secret } }",
    "{ clock { id ... @defer { name } } clocks { name ... @defer { id secret } } }",
]


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@pytest.mark.parametrize("scopes", [(), (SCOPE,)])
@pytest.mark.parametrize("spec", [DEFER, INCREMENTAL])
@pytest.mark.parametrize("query", QUERIES)
async def test_the_parts_of_a_multipart_answer_are_the_whole(
    world: World, query: str, spec: str, scopes: tuple[str, ...]
) -> None:
    headers = world.sign_in(*scopes).headers
    async with world.streamed(query, "application/json", **headers) as response:
        whole = await response.json(content_type=None)
    async with world.streamed(query, f"multipart/mixed;{spec}", **headers) as response:
        parts = [part async for part in multipart_parts(response)]

    assert len(parts) > 2
    assert put_together(parts) == (whole["data"], told(whole.get("errors", [])))


@pytest.mark.parametrize("spec", [DEFER, INCREMENTAL])
@pytest.mark.parametrize("query", QUERIES)
async def test_the_parts_of_an_event_stream_are_the_whole(
    world: World, query: str, spec: str
) -> None:
    async with world.streamed(query, "application/json") as response:
        whole = await response.json(content_type=None)
    async with world.streamed(query, f"{EVENTS};{spec}") as response:
        parts = [part async for part in events(response)]

    assert put_together(parts) == (whole["data"], told(whole.get("errors", [])))


def put_together(parts: list[Any]) -> tuple[Any, list[Any]]:
    """What a client has in the end, in either form; fails where it could not go on."""
    first, *later = parts
    data, errors = first["data"], list(first.get("errors", []))
    pending: dict[str, list[Any]] = {}
    for part in parts:
        pending |= {each["id"]: each["path"] for each in part.get("pending", [])}
        for each in part.get("incremental", []):
            merge(at(data, pending[each["id"]] if "id" in each else each["path"]), each["data"])
            errors += each.get("errors", [])
        for each in part.get("completed", []):
            del pending[each["id"]]
    assert [part["hasNext"] for part in parts] == [True] * len(later) + [False]
    assert pending == {}
    return data, told(errors)


def told(errors: list[Any]) -> list[Any]:
    return sorted((error["path"], error["extensions"]["code"]) for error in errors)


def at(data: Any, path: list[Any]) -> Any:
    for segment in path:
        data = data[segment]
    return data


def merge(target: Any, source: Any) -> None:
    for key, value in source.items():
        if isinstance(target.get(key), dict):
            merge(target[key], value)
        elif isinstance(target.get(key), list):
            for one, other in zip(target[key], value, strict=True):
                merge(one, other)
        else:
            target[key] = value
