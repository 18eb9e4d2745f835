"""Supergraphs that change while requests run: real subgraphs, a real file."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from gateway.edge.connection import Connection
from gateway.errors import InvalidSupergraph
from gateway.federated_schema import FederatedSchema
from gateway.persisted.opening import open_documents
from gateway.rollout import Rollout
from gateway.standalone import open_app
from gateway.supergraph.model import Supergraph
from gateway.supergraph.source.choice import choose_source
from gateway.supergraph.source.source import SupergraphUnavailable
from gateway.transport.http import HttpTransport
from gateway.transport.request import Connections, Send
from gateway.transport.sessions import Lease
from tests.support.asgi import call
from tests.support.http import served
from tests.support.scripted_source import ScriptedSource
from tests.support.versions import (
    QUERY,
    Deployment,
    Heard,
    answered,
    ask,
    health,
    heard,
    replace_file,
    some_settings,
    supergraph,
)

TAKEN = "supergraph in use"
REFUSED = "supergraph refused"
RETIRED = "supergraph out of use"


@dataclass(frozen=True)
class World:
    """A gateway over a file, and what its rollout says."""

    app: Starlette
    file: Path
    origin: str
    deployment: Deployment
    log: Heard

    async def roll_out(self, text: str) -> None:
        """Write the file, and wait until it is in use."""
        already = len(self.log.of(TAKEN))
        replace_file(self.file, text)
        await self.log.times(TAKEN, already + 1)

    async def fail_with(self, text: str) -> None:
        """Write the file, and wait until it is refused."""
        already = len(self.log.of(REFUSED))
        replace_file(self.file, text)
        await self.log.times(REFUSED, already + 1)


@asynccontextmanager
async def a_world(folder: Path) -> AsyncIterator[World]:
    deployment = Deployment()
    async with served(deployment.app) as origin:
        file = folder / "supergraph.graphql"
        file.write_text(supergraph(origin, "v0"))
        settings = some_settings(supergraph=str(file))
        with heard("gateway.rollout") as log:
            app = await open_app(settings, choose_source(settings))
            async with app.router.lifespan_context(app):
                yield World(app, file, origin, deployment, log)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def test_no_request_is_lost_or_mixed_while_versions_change(world: World) -> None:
    answers: list[object] = []
    over = asyncio.Event()

    async def keep_asking() -> None:
        while not over.is_set():
            answers.append((await ask(world.app, QUERY, QUERY)).json)

    versions = [f"v{number}" for number in range(21)]
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(keep_asking())
        for version in versions[1:]:
            await world.roll_out(supergraph(world.origin, version))
            answers.append((await ask(world.app, QUERY, QUERY)).json)
        over.set()

    wholes = [[answered(version)] * 2 for version in versions]
    assert [answer for answer in answers if answer not in wholes] == []
    assert [whole for whole in wholes[1:] if whole not in answers] == []


async def test_a_request_ends_on_the_version_it_began_with(world: World) -> None:
    gate = world.deployment.close_gate("v0")

    async with asyncio.TaskGroup() as group:
        early = group.create_task(ask(world.app, QUERY))
        await world.deployment.entered()
        await world.roll_out(supergraph(world.origin, "v1"))
        late = await ask(world.app, QUERY)
        gate.set()

    assert early.result().json == answered("v0")
    assert late.json == answered("v1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Syntax Error"),
        ("type Query {", "Syntax Error"),
        ("type Query { x: Int }", "names no subgraphs"),
    ],
)
async def test_a_broken_file_leaves_the_last_good_version(
    world: World, text: str, reason: str
) -> None:
    before = await health(world.app)

    await world.fail_with(text)

    after = await health(world.app)
    metrics = await call(world.app, "/metrics", method="GET")
    assert (await ask(world.app, QUERY)).json == answered("v0")
    assert f'supergraph_info{{version="{before["version"]}"}} 1.0'.encode() in metrics.body
    assert b"supergraph_failing 1.0" in metrics.body
    assert after["version"] == before["version"]
    assert before["failure"] is None
    assert after["failure"]["code"] == "INVALID_SUPERGRAPH"
    assert reason in after["failure"]["reason"]


async def test_a_file_cut_off_in_the_middle_is_refused(world: World) -> None:
    whole = supergraph(world.origin, "v1")

    await world.fail_with(whole[: len(whole) // 2])

    assert (await ask(world.app, QUERY)).json == answered("v0")


async def test_the_same_broken_content_is_told_once() -> None:
    good = supergraph("http://127.0.0.1:9", "v0")
    broken, otherwise_broken = "type Query {", "type Query { x: Int }"
    with heard("gateway.rollout") as log:
        source = ScriptedSource(good, broken, broken, otherwise_broken)
        app = await open_app(some_settings(), source)
        async with app.router.lifespan_context(app):
            await log.times(REFUSED, 2)

    first, second = log.of(REFUSED)
    assert "Syntax Error" in first["reason"]
    assert "names no subgraphs" in second["reason"]


async def test_a_source_that_is_away_is_missed_once_for_each_reason() -> None:
    good = supergraph("http://127.0.0.1:9", "v0")
    away, slow = SupergraphUnavailable("nobody there"), SupergraphUnavailable("no answer in time")
    with heard("gateway.rollout") as log:
        app = await open_app(some_settings(), ScriptedSource(good, away, away, slow))
        async with app.router.lifespan_context(app):
            await log.times(REFUSED, 2)

    assert [said["reason"] for said in log.of(REFUSED)] == ["nobody there", "no answer in time"]


async def test_what_clients_can_ask_nothing_of_is_no_supergraph() -> None:
    hidden = supergraph("http://127.0.0.1:9", "v0").replace("query: Query", "mutation: Query")

    with pytest.raises(InvalidSupergraph, match="no query"):
        await open_app(some_settings(), ScriptedSource(hidden))


async def test_the_last_good_content_again_ends_the_failure(world: World) -> None:
    good = world.file.read_text()
    await world.fail_with("nonsense")

    replace_file(world.file, good)

    await world.log.times("supergraph no longer refused", 1)
    assert (await health(world.app))["failure"] is None
    assert len(world.log.of(TAKEN)) == 1


async def test_a_file_that_is_gone_is_missed_once_and_found_again(world: World) -> None:
    world.file.unlink()
    await world.log.times(REFUSED, 1)
    missing = (await health(world.app))["failure"]

    await world.roll_out(supergraph(world.origin, "v1"))

    assert missing["code"] == "SUPERGRAPH_UNAVAILABLE"
    assert (await health(world.app))["failure"] is None
    assert (await ask(world.app, QUERY)).json == answered("v1")
    assert len(world.log.of(REFUSED)) == 1


async def test_what_was_asked_most_is_planned_before_the_swap(world: World) -> None:
    await ask(world.app, QUERY)
    await ask(world.app, "{ thing { one } }")

    await world.roll_out(supergraph(world.origin, "v1"))

    [warm] = world.log.of("plans are warm")
    assert (warm["planned"], warm["used"]) == (2, 2)


async def test_what_no_longer_fits_is_not_planned(world: World) -> None:
    await world.roll_out(supergraph(world.origin, "v1", second="extend type Thing { old: Int }"))
    await ask(world.app, QUERY)
    await ask(world.app, "{ thing { old } }")

    await world.roll_out(supergraph(world.origin, "v2"))

    warm = world.log.of("plans are warm")[-1]
    assert (warm["planned"], warm["used"]) == (1, 2)
    assert (await ask(world.app, QUERY)).json == answered("v2")


async def test_swaps_leave_nothing_behind(world: World) -> None:
    await ask(world.app, QUERY)
    tasks = asyncio.all_tasks()

    for number in range(1, 6):
        await world.roll_out(supergraph(world.origin, f"v{number}"))
        await ask(world.app, QUERY)

    await world.log.times(RETIRED, 5)
    assert asyncio.all_tasks() <= tasks


async def test_without_a_source_the_cached_supergraph_answers(tmp_path: Path) -> None:
    deployment = Deployment()
    settings = some_settings(supergraph_cache=tmp_path / "kept.graphql")
    away = SupergraphUnavailable("nobody there")
    async with served(deployment.app) as origin:
        first = await open_app(settings, ScriptedSource(supergraph(origin, "v0")))
        async with first.router.lifespan_context(first):
            pass

        second = await open_app(settings, ScriptedSource(away, away, away))
        async with second.router.lifespan_context(second):
            answer = await ask(second, QUERY)

    assert answer.json == answered("v0")


@pytest.mark.parametrize("content", [b"nonsense", b"\xff"])
async def test_with_a_broken_cache_the_source_says_why_there_is_no_start(
    tmp_path: Path, content: bytes
) -> None:
    cache = tmp_path / "kept.graphql"
    cache.write_bytes(content)
    away = SupergraphUnavailable("nobody there")

    with pytest.raises(SupergraphUnavailable, match="nobody there"):
        await open_app(some_settings(supergraph_cache=cache), ScriptedSource(away))


async def test_a_broken_supergraph_is_not_cached(tmp_path: Path) -> None:
    cache = tmp_path / "kept.graphql"
    settings = some_settings(supergraph_cache=cache)
    with heard("gateway.rollout") as log:
        script = [supergraph("http://127.0.0.1:9", "v0"), "nonsense"]
        app = await open_app(settings, ScriptedSource(*script))
        async with app.router.lifespan_context(app):
            await log.times(REFUSED, 1)

    assert cache.read_text() == supergraph("http://127.0.0.1:9", "v0")
    assert os.listdir(tmp_path) == [cache.name]


async def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    settings = some_settings(supergraph_cache=tmp_path / "missing" / "kept.graphql")

    app = await open_app(settings, ScriptedSource(supergraph("http://127.0.0.1:9", "v0")))

    async with app.router.lifespan_context(app):
        assert (await health(app))["failure"] is None


@pytest.mark.parametrize(
    "error", [SupergraphUnavailable("nobody there"), InvalidSupergraph("not this")]
)
async def test_without_a_cache_a_failing_source_is_no_start(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        await open_app(some_settings(), ScriptedSource(error))


async def test_a_fault_of_ours_does_not_end_the_looking() -> None:
    good, better = supergraph("http://127.0.0.1:9", "v0"), supergraph("http://127.0.0.1:9", "v1")
    with heard("gateway.rollout") as log:
        app = await open_app(some_settings(), ScriptedSource(good, KeyError("x"), better))
        async with app.router.lifespan_context(app):
            await log.times(TAKEN, 2)

    assert "KeyError" in log.of(REFUSED)[0]["reason"]


async def test_connections_to_an_origin_end_with_the_last_request_that_uses_it() -> None:
    here, there = Deployment(), Deployment()
    gate = here.close_gate("v0")
    async with served(here.app) as old, served(there.app) as new:
        source = ScriptedSource(supergraph(old, "v0"))
        rollout = Rollout(source, over_http, some_settings())
        await rollout.start()
        documents = open_documents(some_settings())
        schema = FederatedSchema(rollout.versions, documents, max_batch=1)
        async with asyncio.TaskGroup() as group:
            early = group.create_task(schema.execute(QUERY, context_value=Connection(None, None)))
            await here.entered()
            following = group.create_task(rollout.follow())
            with heard("gateway.rollout") as log:
                source.then(supergraph(new, "v1"))
                await log.times(TAKEN, 1)
                during = rollout.sessions.origins
                gate.set()
                await log.times(RETIRED, 1)
            after = rollout.sessions.origins
            following.cancel()
        await rollout.close()

    assert during == {old, new}
    assert after == {new}
    assert (early.result().data, early.result().errors) == (answered("v0")["data"], None)


def over_http(supergraph: Supergraph, lease: Lease) -> Connections:
    """A way to each subgraph."""
    requests: dict[str, Send] = {
        name: HttpTransport(name, each.url, lease.to(each.url), None, timeout=10, max_answer=10_000)
        for name, each in supergraph.subgraphs.items()
    }
    return Connections(requests)


async def test_a_refused_version_keeps_no_connections() -> None:
    def refuse(supergraph: Supergraph, lease: Lease) -> Connections:
        over_http(supergraph, lease)
        raise ValueError("port 99999")

    rollout = Rollout(ScriptedSource(supergraph("http://a.example", "v0")), refuse, some_settings())

    with pytest.raises(InvalidSupergraph, match="port 99999"):
        await rollout.start()
    assert rollout.sessions.origins == frozenset()
