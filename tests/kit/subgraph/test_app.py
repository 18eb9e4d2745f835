"""A service's application: who it answers, and what it says when something is wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import pytest_asyncio
import strawberry
from starlette.applications import Starlette
from strawberry.extensions.parser_cache import _get_parse_cache
from strawberry.extensions.validation_cache import _get_validate_cache

from kit.contract import ErrorCode, PrincipalKind
from kit.database import Database
from kit.errors import DomainError
from kit.ids import new_id
from kit.messages import Catalogues, Message, negotiate
from kit.principal import Principal
from kit.settings import ServiceSettings
from kit.signing import Keyring, Signer
from kit.subgraph.app import create_app
from kit.subgraph.refusal import UserError, refusable
from kit.subgraph.schema import Subgraph
from tests.support.asgi import Answer, call
from tests.support.databases import Databases

KEYS = "k1:000102030405060708090a0b0c0d0e0f"
CALLER = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


@dataclass
class Context:
    """Caller and language."""

    principal: Principal
    locale: str

    def translate(self, message: Message) -> str:
        return Catalogues().translate(message, self.locale)


@strawberry.type
class Payload:
    """What the mutation answers with."""

    done: bool = False
    errors: list[UserError] = strawberry.field(default_factory=list)


class Forbidden(DomainError):
    """Always."""

    code = ErrorCode.FORBIDDEN
    sentence = "You may not do this."


@strawberry.type
class Query:
    """Who calls, and a fault."""

    @strawberry.field
    def caller(self, info: strawberry.Info[Context, None]) -> str:
        return str(info.context.principal.id)

    @strawberry.field
    def fault(self) -> str:
        raise RuntimeError("select * from secrets")


@strawberry.type
class Mutation:
    """A refusal."""

    @refusable()
    async def refuse(self) -> Payload:
        raise Forbidden(path=("input", "amount"))


@pytest_asyncio.fixture(scope="module")
async def app(databases: Databases) -> AsyncIterator[Starlette]:
    settings = ServiceSettings(
        database_url=databases.empty(),
        redis_url="redis://unused",
        signing_keys=KEYS,
        cursor_key="0" * 64,
        files_url="file:///unused",
        max_body=10_000,
    )
    application = create_app(
        "library",
        Subgraph(Query, Mutation),
        settings,
        database=Database(settings.database_url),
        make_context=lambda principal, languages: Context(principal, negotiate(None, languages)),
    )
    async with application.router.lifespan_context(application):
        yield application


def payload(query: str, principal: str | None = CALLER.encode()) -> bytes:
    extensions = {"principal": principal} if principal is not None else {}
    return orjson.dumps({"query": query, "extensions": extensions})


async def ask(app: Starlette, body: bytes, **headers: str) -> Answer:
    signer = Signer(Keyring.parse(KEYS))
    signed = signer.headers(audience="library", method="POST", path="/graphql", body=body)
    return await call(
        app, "/graphql", body=body, headers={"content-type": "application/json"} | signed | headers
    )


def code_of(answer: Answer) -> Any:
    return answer.json["errors"][0]["extensions"]["code"]


async def test_a_signed_request_is_answered_in_its_callers_name(app: Starlette) -> None:
    answer = await ask(app, payload("{ caller }"))

    assert answer.json == {"data": {"caller": str(CALLER.id)}}


@pytest.mark.parametrize(
    "query", ["{ caller }", "{ _service { sdl } }", "{ __schema { queryType { name } } }"]
)
async def test_an_unsigned_request_is_refused_whatever_it_asks(app: Starlette, query: str) -> None:
    answer = await call(
        app, "/graphql", body=payload(query), headers={"content-type": "application/json"}
    )

    assert (answer.status, code_of(answer)) == (401, "UNSIGNED")


@pytest.mark.parametrize("principal", [None, "", "!!"])
async def test_a_signed_request_without_a_caller_is_refused(
    app: Starlette, principal: str | None
) -> None:
    answer = await ask(app, payload("{ caller }", principal))

    assert (answer.status, code_of(answer)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b" " * 10_001, 413, "BODY_TOO_LARGE"),
    ],
)
async def test_a_body_that_cannot_be_meant_is_refused_with_a_code(
    app: Starlette, body: bytes, status: int, code: str
) -> None:
    answer = await ask(app, body)

    assert (answer.status, code_of(answer)) == (status, code)


async def test_only_post_is_taken(app: Starlette) -> None:
    answer = await call(app, "/graphql", method="GET")

    assert (answer.status, code_of(answer)) == (405, "METHOD_NOT_ALLOWED")


async def test_a_fault_is_masked(app: Starlette) -> None:
    answer = await ask(app, payload("{ fault }"))

    assert code_of(answer) == "INTERNAL_SERVER_ERROR"
    assert b"secrets" not in answer.body


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        ("en", "You may not do this."),
        ("fr-CA, en;q=0.5", "Vous n’avez pas le droit de faire cela."),
        ("fr;q=0, en", "You may not do this."),
        ("ja", "You may not do this."),
        (";;,q=x", "You may not do this."),
    ],
)
async def test_a_refusal_is_data_in_the_callers_language(
    app: Starlette, languages: str, sentence: str
) -> None:
    body = payload("mutation { refuse { done errors { code message path } } }")

    answer = await ask(app, body, **{"accept-language": languages})

    assert answer.json["data"]["refuse"] == {
        "done": False,
        "errors": [{"code": "FORBIDDEN", "message": sentence, "path": ["input", "amount"]}],
    }


async def test_a_document_is_parsed_and_validated_once(app: Starlette) -> None:
    caches = (_get_parse_cache(1024), _get_validate_cache(1024))
    await ask(app, payload("query Twice { caller }"))
    misses = [cache.cache_info().misses for cache in caches]  # type: ignore[attr-defined]

    await ask(app, payload("query Twice { caller }"))

    assert [cache.cache_info().misses for cache in caches] == misses  # type: ignore[attr-defined]


async def test_readiness_names_what_does_not_answer(app: Starlette) -> None:
    live = await call(app, "/health/live", method="GET")
    ready = await call(app, "/health/ready", method="GET")
    metrics = await call(app, "/metrics", method="GET")

    assert (live.status, ready.status, ready.json["reasons"]) == (200, 200, {})
    assert b"refused_signatures_total" in metrics.body
