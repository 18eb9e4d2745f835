"""The gateway over nothing but a supergraph, as an application."""

from contextlib import AsyncExitStack

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.composition import Subgraph, compose
from gateway.errors import InvalidSupergraph
from gateway.settings import Profile
from gateway.standalone import open_app
from gateway.supergraph.source.choice import choose_source
from gateway.supergraph.source.members import Member
from gateway.transport.request import SubgraphRequest
from tests.support.asgi import Answer
from tests.support.http import served
from tests.support.scripted_source import ScriptedSource
from tests.support.subgraphs import a_context
from tests.support.universe import FakeSubgraph, Universe
from tests.support.universes import UNIVERSES
from tests.support.versions import Heard, ask, heard, some_settings

QUERY = "{ products { name isExpensive canAfford } featured { shipping } }"

PROTECTED = """
    extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@authenticated", "@policy", "@requiresScopes"]
    )
    type Query {
      open: Int
      known: Int @authenticated
      scoped: Int @requiresScopes(scopes: [["a"]])
      judged: Int @policy(policies: [["p"]])
    }
"""


def over_http(subgraph: FakeSubgraph) -> Starlette:
    """The subgraph as a service of its own."""

    async def answer(request: Request) -> Response:
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


async def test_any_subgraphs_are_federated_from_a_supergraph_alone() -> None:
    world = Universe(UNIVERSES["requires"])
    sdl = world.sdl
    async with AsyncExitStack() as stack:
        for name, subgraph in world.subgraphs.items():
            origin = await stack.enter_async_context(served(over_http(subgraph)))
            sdl = sdl.replace(f'"http://{name}"', f'"{origin}/"')
        app = await open_app(some_settings(), ScriptedSource(sdl))
        await stack.enter_async_context(app.router.lifespan_context(app))

        answer = await ask(app, QUERY)

    assert answer.json == {"data": world.answer(QUERY).data}


async def test_a_subgraph_can_be_somewhere_else_than_the_supergraph_says() -> None:
    world = Universe(UNIVERSES["requires"])
    async with AsyncExitStack() as stack:
        urls = {
            name: await stack.enter_async_context(served(over_http(subgraph)))
            for name, subgraph in world.subgraphs.items()
        }
        settings = some_settings(subgraph_urls=urls)
        app = await open_app(settings, ScriptedSource(world.sdl))
        await stack.enter_async_context(app.router.lifespan_context(app))

        answer = await ask(app, QUERY)

    assert answer.json == {"data": world.answer(QUERY).data}


def protected() -> str:
    """A supergraph with a rule of each kind."""
    composition = compose([Subgraph("only", "http://127.0.0.1:9", PROTECTED)])
    assert composition.supergraph_sdl is not None
    return composition.supergraph_sdl


@pytest.mark.parametrize("field", ["known", "scoped", "judged"])
async def test_what_is_protected_is_closed_to_everybody(field: str) -> None:
    app = await open_app(some_settings(open_only=True), ScriptedSource(protected()))

    async with app.router.lifespan_context(app):
        answer = await ask(app, f"{{ {field} }}")

    assert answer.json["data"] == {field: None}
    [error] = answer.json["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN_FIELD"


async def test_rules_that_nobody_can_meet_refuse_the_start() -> None:
    with pytest.raises(InvalidSupergraph, match="It has 3 authorization rules"):
        await open_app(some_settings(), ScriptedSource(protected()))


async def test_a_supergraph_that_comes_to_have_rules_is_not_taken_into_use() -> None:
    open_ = Universe(UNIVERSES["keys"]).sdl
    source = ScriptedSource(open_)
    app = await open_app(some_settings(), source)
    with heard("gateway.rollout") as log:
        async with app.router.lifespan_context(app):
            source.then(protected())
            await log.times("supergraph refused", 1)

    assert "authorization rules" in log.of("supergraph refused")[0]["reason"]


async def test_the_start_says_that_protected_fields_are_closed() -> None:
    said = "protected fields are closed to everybody"
    settings = some_settings(open_only=True)
    with heard("gateway.standalone") as about_protected:
        app = await open_app(settings, ScriptedSource(protected()))
        async with app.router.lifespan_context(app):
            pass
    with heard("gateway.standalone") as about_open:
        app = await open_app(settings, ScriptedSource(Universe(UNIVERSES["keys"]).sdl))
        async with app.router.lifespan_context(app):
            pass

    assert told(about_protected, said) == [3]
    assert told(about_open, said) == []


def told(log: Heard, event: str) -> list[int]:
    """How many fields each of these events speaks of."""
    return [fields["protected"] for fields in log.of(event)]


@pytest.mark.parametrize(
    ("profile", "codes"),
    [(Profile.PRODUCTION, {"GRAPHQL_VALIDATION_FAILED"}), (Profile.DEVELOPMENT, set())],
)
async def test_the_schema_is_told_in_development_only(profile: Profile, codes: set[str]) -> None:
    app = await open_app(
        some_settings(profile=profile, open_only=True), ScriptedSource(protected())
    )

    async with app.router.lifespan_context(app):
        answer = (await ask(app, "{ __schema { queryType { name } } }")).json

    assert {error["extensions"]["code"] for error in answer.get("errors", ())} == codes


async def test_the_limits_are_those_of_the_settings() -> None:
    app = await open_app(
        some_settings(max_root_fields=1, open_only=True), ScriptedSource(protected())
    )

    async with app.router.lifespan_context(app):
        answer = await ask(app, "{ a: open b: open }")

    assert answer.json["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_a_supergraph_at_an_address_serves_as_one_in_a_file_does() -> None:
    async def registry(request: Request) -> Response:
        return Response(protected())

    async with served(Starlette(routes=[Route("/supergraph", registry)])) as origin:
        settings = some_settings(supergraph=f"{origin}/supergraph", open_only=True)
        app = await open_app(settings, choose_source(settings))
        async with app.router.lifespan_context(app):
            answer = await ask(app, "{ __typename }")

    assert answer.json == {"data": {"__typename": "Query"}}


async def test_live_subgraphs_are_composed_and_followed() -> None:
    schemas = {"a": "type Query { one: Int }", "b": "type Query { two: Int }"}

    async def tell(request: Request) -> Response:
        told = {"_service": {"sdl": schemas[request.path_params["name"]]}}
        return Response(orjson.dumps({"data": told}), media_type="application/json")

    routes = [Route("/{name}", tell, methods=["POST"])]
    async with served(Starlette(routes=routes)) as origin:
        settings = some_settings(profile=Profile.DEVELOPMENT)
        members = [Member(name, f"{origin}/{name}") for name in schemas]
        app = await open_app(settings, choose_source(settings, members))
        with heard("gateway.rollout") as log:
            async with app.router.lifespan_context(app):
                before = await ask(app, ROOT_FIELDS)
                schemas["b"] = "type Query { two: Int three: Int }"
                await log.times("supergraph in use", 1)
                after = await ask(app, ROOT_FIELDS)

    assert root_fields(before) == ["one", "two"]
    assert root_fields(after) == ["one", "two", "three"]


ROOT_FIELDS = "{ __schema { queryType { fields { name } } } }"


def root_fields(answer: Answer) -> list[str]:
    """The names that the schema tells."""
    return [each["name"] for each in answer.json["data"]["__schema"]["queryType"]["fields"]]
