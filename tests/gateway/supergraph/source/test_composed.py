"""Live subgraphs that are composed, and composed anew when one of them changes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.supergraph.reader import read_supergraph
from gateway.supergraph.source.composed import ComposedSource, CompositionFailed
from gateway.supergraph.source.members import InvalidMember, Member, read_members
from gateway.supergraph.source.source import SupergraphUnavailable
from tests.support.http import served
from tests.support.versions import SCHEMAS


@dataclass
class Subgraphs:
    """On one server, each at the path of its name. What is None does not answer."""

    schemas: dict[str, Any] = field(default_factory=lambda: dict(SCHEMAS))
    origin: str = ""

    async def answer(self, request: Request) -> Response:
        sdl = self.schemas[request.path_params["name"]]
        if sdl is None:
            return Response(status_code=503)
        content = orjson.dumps({"data": {"_service": {"sdl": sdl}}})
        return Response(content, media_type="application/json")

    def member(self, name: str, schema: Path | None = None) -> Member:
        return Member(name, f"{self.origin}/{name}", schema)

    def source(self, *members: Member) -> ComposedSource:
        given = members or [self.member(name) for name in self.schemas]
        return ComposedSource("test", lambda: given, interval=1, timeout=10, max_size=10_000)


@pytest_asyncio.fixture
async def subgraphs() -> AsyncIterator[Subgraphs]:
    subgraphs = Subgraphs()
    routes = [Route("/{name}", subgraphs.answer, methods=["POST"])]
    async with served(Starlette(routes=routes)) as origin:
        subgraphs.origin = origin
        yield subgraphs


def fields(sdl: str | None) -> set[str]:
    """Those of `Thing`."""
    assert sdl is not None
    thing: Any = read_supergraph(sdl).api_schema.type_map["Thing"]
    return set(thing.fields)


async def test_subgraphs_are_composed_by_what_they_tell(subgraphs: Subgraphs) -> None:
    sdl = await subgraphs.source().read()

    assert fields(sdl) == {"id", "one", "two"}
    assert f'url: "{subgraphs.origin}/first"' in str(sdl)


async def test_they_are_composed_anew_when_one_of_them_changes(subgraphs: Subgraphs) -> None:
    source = subgraphs.source()
    await source.read()

    unchanged = await source.read()
    subgraphs.schemas["second"] += "extend type Thing { three: Int }"
    changed = await source.read()

    assert unchanged is None
    assert fields(changed) == {"id", "one", "two", "three"}


async def test_every_reason_against_a_composition_is_told_once(subgraphs: Subgraphs) -> None:
    source = subgraphs.source()
    subgraphs.schemas["first"] = SCHEMAS["first"].replace('fields: "id"', 'fields: "no"')
    subgraphs.schemas["second"] = SCHEMAS["second"].replace('fields: "id"', 'fields: "neither"')

    with pytest.raises(CompositionFailed) as refused:
        await source.read()

    assert str(refused.value).count("\n  KEY_INVALID_FIELDS") == 2
    assert await source.read() is None


async def test_all_that_are_away_are_named(subgraphs: Subgraphs) -> None:
    subgraphs.schemas.update(first=None, second=None)

    with pytest.raises(SupergraphUnavailable, match=r"first: .*503.*; second: .*503"):
        await subgraphs.source().read()


async def test_one_that_is_away_keeps_the_others_changes_back(subgraphs: Subgraphs) -> None:
    source = subgraphs.source()
    await source.read()
    first = subgraphs.schemas["first"]
    subgraphs.schemas["second"] += "extend type Thing { three: Int }"
    subgraphs.schemas["first"] = None

    with pytest.raises(SupergraphUnavailable):
        await source.read()

    subgraphs.schemas["first"] = first
    assert fields(await source.read()) == {"id", "one", "two", "three"}


@pytest.mark.parametrize("sdl", [7, {"x": 1}])
async def test_who_does_not_tell_its_schema_is_named(subgraphs: Subgraphs, sdl: Any) -> None:
    subgraphs.schemas["second"] = sdl

    with pytest.raises(SupergraphUnavailable, match=r"second: .*_service"):
        await subgraphs.source().read()


async def test_a_schema_file_goes_before_what_the_subgraph_tells(
    subgraphs: Subgraphs, tmp_path: Path
) -> None:
    file = tmp_path / "second.graphql"
    file.write_text(SCHEMAS["second"].replace("two", "other"))
    subgraphs.schemas["second"] = None
    source = subgraphs.source(subgraphs.member("first"), subgraphs.member("second", file))

    first = await source.read()
    file.write_text(SCHEMAS["second"])
    second = await source.read()

    assert fields(first) == {"id", "one", "other"}
    assert fields(second) == {"id", "one", "two"}


async def test_a_schema_file_that_is_not_there_is_named(
    subgraphs: Subgraphs, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.graphql"
    source = subgraphs.source(subgraphs.member("first", missing))

    with pytest.raises(SupergraphUnavailable, match=r"missing\.graphql: No such file"):
        await source.read()


async def test_a_list_of_subgraphs_with_a_fault_is_refused_once(tmp_path: Path) -> None:
    file = tmp_path / "subgraphs.toml"
    file.write_text("[subgraphs]")
    members = partial(read_members, file)
    source = ComposedSource("test", members, interval=1, timeout=10, max_size=10_000)

    with pytest.raises(InvalidMember):
        await source.read()

    assert await source.read() is None
