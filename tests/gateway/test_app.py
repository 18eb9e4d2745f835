"""The gateway as it runs: real identity behind it on a socket, the other services down."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from starlette.types import ASGIApp

from gateway.app import create_app
from gateway.settings import Profile, Settings
from gateway.supergraph.source.source import SupergraphUnavailable
from gateway.versions import digest_of
from kit.database import Database
from services.identity.app import create_app as create_identity
from services.identity.models import Account, Credential, Role, User
from tests.support.asgi import Answer, call
from tests.support.databases import Databases
from tests.support.http import served
from tests.support.identity import (
    SIGNING_KEYS,
    a_member,
    a_user,
    an_account,
    an_identity,
    global_id,
    kept,
    the_settings,
)

PASSWORD = "correct horse"
ORIGIN = "https://portal.example"
JSON = {"content-type": "application/json"}
SUPERGRAPH = Path(__file__).parent.parent.parent / "gateway" / "supergraph.graphql"


@dataclass(frozen=True)
class Portal:
    """A gateway, and a person who may sign in."""

    app: ASGIApp
    database: Database
    user: User
    account: Account

    async def token(self) -> str:
        body = {"email": self.user.email, "password": PASSWORD}
        answer = await self.post("/auth/sign-in", body)
        assert answer.status == 200
        token: str = answer.json["accessToken"]
        return token

    async def post(self, path: str, document: Any, **headers: str) -> Answer:
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        return await call(self.app, path, body=body, headers={**JSON, **headers})

    async def ask(self, query: str, variables: Any = None, token: str | None = None) -> Answer:
        headers = {"authorization": f"Bearer {token or await self.token()}"}
        return await self.post("/graphql", {"query": query, "variables": variables}, **headers)


@pytest_asyncio.fixture(scope="module")
async def portal(databases: Databases, valkey_url: str) -> AsyncIterator[Portal]:
    url = databases.of("identity")
    identity_settings = the_settings(url, redis_url=valkey_url, public_url=ORIGIN)
    async with an_identity(url) as database, served(create_identity(identity_settings)) as origin:
        user, account = a_user(), an_account()
        password = Credential(user_id=user.id, password_hash=_hashed(PASSWORD))
        await kept(database, account, user, password, a_member(account, user, Role.ADMINISTRATOR))
        settings = Settings(
            supergraph=str(SUPERGRAPH),
            subgraph_urls={
                "identity": f"{origin}/graphql",
                **dict.fromkeys(("cases", "licensing", "billing"), "http://127.0.0.1:9/graphql"),
            },
            redis_url=valkey_url,
            signing_keys=SIGNING_KEYS,
            identity_url=origin,
            public_url=ORIGIN,
            profile=Profile.DEVELOPMENT,
        )
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            yield Portal(app, database, user, account)


def _hashed(password: str) -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


async def test_a_signed_in_person_reads_across_the_viewer_and_a_service(portal: Portal) -> None:
    answer = await portal.ask("{ me { id kind user { name } accounts { nodes { name } } } }")

    assert answer.status == 200
    assert answer.json == {
        "data": {
            "me": {
                "id": global_id(portal.user),
                "kind": "CUSTOMER",
                "user": {"name": "Ada Byron"},
                "accounts": {"nodes": [{"name": "Acme"}]},
            }
        }
    }


async def test_what_is_down_is_null_with_one_error_and_the_rest_answers(portal: Portal) -> None:
    query = "{ me { user { name } unreadCaseCount productKeys { totalCount } } }"

    answer = await portal.ask(query)

    assert answer.json["data"]["me"] == {
        "user": {"name": "Ada Byron"},
        "unreadCaseCount": None,
        "productKeys": None,
    }
    assert sorted(
        (error["path"][-1], error["extensions"]["code"], error["extensions"]["service"])
        for error in answer.json["errors"]
    ) == [
        ("productKeys", "SUBGRAPH_UNAVAILABLE", "licensing"),
        ("unreadCaseCount", "SUBGRAPH_UNAVAILABLE", "cases"),
    ]


async def test_without_credentials_nobody_is_anybody(portal: Portal) -> None:
    answer = await portal.post("/graphql", {"query": "{ me { id } accounts { totalCount } }"})

    assert answer.json["data"] is None
    [error] = answer.json["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN_FIELD"
    assert error["path"] == ["accounts"]


async def test_the_caller_of_a_request_without_credentials_is_null(portal: Portal) -> None:
    answer = await portal.post("/graphql", {"query": "{ me { id user { name } } }"})

    assert answer.json == {"data": {"me": None}}


async def test_a_node_is_found_by_its_id_whatever_it_is(portal: Portal) -> None:
    query = "query ($id: ID!) { node(id: $id) { id __typename ... on Account { name } } }"
    id = global_id(portal.account)

    answer = await portal.ask(query, {"id": id})

    assert answer.json["data"] == {"node": {"id": id, "__typename": "Account", "name": "Acme"}}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        ({"query": 7}, 400, "BAD_REQUEST"),
        ({"query": "{ nothing }"}, 200, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ me { id"}, 200, "GRAPHQL_PARSE_FAILED"),
        ({"query": "query($n: Int) { accounts(first: $n) { totalCount } }",
          "variables": {"n": "x"}}, 200, "BAD_USER_INPUT"),
        ({"query": "{ __typename: me { id } }"}, 200, "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_a_request_that_cannot_run_says_why(
    portal: Portal, body: Any, status: int, code: str
) -> None:
    answer = await portal.post("/graphql", body)

    assert answer.status == status
    assert answer.json["errors"][0]["extensions"]["code"] == code
    assert "data" not in answer.json
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("first: 101", "BAD_USER_INPUT"), ('after: "nonsense"', "INVALID_CURSOR")],
)
async def test_a_wrong_page_is_the_callers_fault(portal: Portal, arguments: str, code: str) -> None:
    answer = await portal.ask(f"{{ accounts({arguments}) {{ totalCount }} }}")

    [error] = answer.json["errors"]
    assert error["extensions"]["code"] == code


@pytest.mark.parametrize("change", [lambda t: t[:-4] + "AAAA", lambda t: "x", lambda t: ""])
async def test_an_altered_token_is_refused(portal: Portal, change: Any) -> None:
    token = change(await portal.token())

    answer = await portal.post(
        "/graphql", {"query": "{ __typename }"}, authorization=f"Bearer {token}"
    )

    assert answer.status == 401
    assert answer.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_signing_out_ends_the_access_token(portal: Portal) -> None:
    token = await portal.token()
    before = await portal.ask("{ me { id } }", token=token)

    await portal.post("/auth/sign-out", {}, authorization=f"Bearer {token}")

    assert before.status == 200
    status = before.status
    async with asyncio.timeout(10):
        while status != 401:
            await asyncio.sleep(0)  # the event is on its way through the stream
            status = (await portal.ask("{ me { id } }", token=token)).status


async def test_requests_are_counted_by_outcome(portal: Portal) -> None:
    await portal.ask("{ me { id } }")

    metrics = await call(portal.app, "/metrics", method="GET")

    assert b'graphql_request_duration_seconds_count{outcome="ok",service="gateway"}' in metrics.body


async def test_the_supergraph_in_use_is_told(portal: Portal) -> None:
    answer = await call(portal.app, "/health/supergraph", method="GET")

    assert answer.json["version"] == digest_of(SUPERGRAPH.read_text())
    assert answer.json["failure"] is None


async def test_without_a_supergraph_it_does_not_start_and_says_where_it_looked() -> None:
    missing = "/missing/supergraph.graphql"
    settings = Settings(
        supergraph=missing,
        redis_url="redis://127.0.0.1:9",
        signing_keys=SIGNING_KEYS,
        identity_url="http://127.0.0.1:9",
    )
    app = create_app(settings)

    with pytest.raises(SupergraphUnavailable, match="No such file") as failed:
        async with app.router.lifespan_context(app):
            pytest.fail("it started")

    assert missing in failed.value.__notes__[0]


async def test_a_wrong_password_signs_nobody_in(portal: Portal) -> None:
    answer = await portal.post(
        "/auth/sign-in", {"email": portal.user.email, "password": "incorrect"}
    )

    assert answer.status == 401
    assert answer.json["code"] == "INVALID_CREDENTIALS"


async def test_the_schema_is_told_in_development(portal: Portal) -> None:
    query = '{ __schema { queryType { name } } t: __type(name: "Account") { kind } __typename }'

    answer = await portal.ask(query)

    assert answer.json == {
        "data": {
            "__schema": {"queryType": {"name": "Query"}},
            "t": {"kind": "OBJECT"},
            "__typename": "Query",
        }
    }


async def test_the_ide_is_served_to_browsers(portal: Portal) -> None:
    answer = await call(portal.app, "/graphql", method="GET", headers={"accept": "text/html"})

    assert answer.status == 200
    assert b"GraphiQL" in answer.body
