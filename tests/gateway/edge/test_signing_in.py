"""Sign-in through the gateway: who asks too often is known by an address that nobody can forge."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest_asyncio
from sqlalchemy import update
from starlette.types import ASGIApp

from gateway.app import create_app
from gateway.settings import Settings
from kit.database import Database
from kit.ids import new_id
from services.identity.app import create_app as create_identity
from services.identity.models import Session, User
from tests.support.asgi import Answer, call
from tests.support.databases import Databases
from tests.support.http import served
from tests.support.identity import SIGNING_KEYS, an_identity, the_settings
from tests.support.signing_in import PASSWORD, a_person

SUPERGRAPH = Path(__file__).parent.parent.parent.parent / "gateway" / "supergraph.graphql"
DISABLE = "mutation { disableSecondFactor { errors { code } } }"


@dataclass(frozen=True)
class Portal:
    """A gateway without proxies in front, and one behind one proxy."""

    direct: ASGIApp
    proxied: ASGIApp
    database: Database

    async def post(
        self, path: str, document: Any, *, proxied: bool = False, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        app = self.proxied if proxied else self.direct
        sent = {"content-type": "application/json", **named}
        return await call(app, path, body=orjson.dumps(document), headers=sent)

    async def token(self, user: User) -> str:
        answer = await self.post("/auth/sign-in", {"email": user.email, "password": PASSWORD})
        token: str = answer.json["accessToken"]
        return token


@pytest_asyncio.fixture(scope="module")
async def portal(databases: Databases, valkey_url: str) -> AsyncIterator[Portal]:
    url = databases.of("identity")
    settings = the_settings(url, redis_url=valkey_url, public_url="https://portal.example")
    async with an_identity(url) as database, served(create_identity(settings)) as origin:
        told: dict[str, Any] = {
            "supergraph": str(SUPERGRAPH),
            "subgraph_urls": {"identity": f"{origin}/graphql"},
            "redis_url": valkey_url,
            "signing_keys": SIGNING_KEYS,
            "identity_url": origin,
            "public_url": "https://portal.example",
        }
        direct = create_app(Settings(**told))
        proxied = create_app(Settings(**told, trusted_hops=1))
        async with (
            direct.router.lifespan_context(direct),
            proxied.router.lifespan_context(proxied),
        ):
            yield Portal(direct, proxied, database)


async def guesses(portal: Portal, email: str, forged: Sequence[str], *, proxied: bool) -> list[int]:
    """The answers to wrong passwords for one e-mail address, each from an address it pretends."""
    answers = [
        await portal.post(
            "/auth/sign-in",
            {"email": email, "password": "wrong"},
            proxied=proxied,
            x_forwarded_for=each,
            x_portal_client_address=each,
            x_real_ip=each,
            forwarded=f"for={each}",
        )
        for each in forged
    ]
    return [answer.status for answer in answers]


async def test_nobody_gets_more_guesses_by_pretending_to_be_elsewhere(portal: Portal) -> None:
    forged = [f"198.51.100.{n}" for n in range(12)]

    answers = await guesses(portal, f"{new_id()}@example.com", forged, proxied=False)

    assert answers == [401] * 10 + [429] * 2


async def test_behind_a_proxy_its_own_word_counts_and_none_before_it(portal: Portal) -> None:
    email = f"{new_id()}@example.com"
    forged = [f"198.51.100.{n}, 203.0.113.1" for n in range(12)]

    answers = await guesses(portal, email, forged, proxied=True)
    elsewhere = await guesses(portal, email, ["203.0.113.1, 203.0.113.2"], proxied=True)

    assert answers == [401] * 10 + [429] * 2
    assert elsewhere == [401]


async def test_after_a_step_up_the_very_next_request_knows(portal: Portal) -> None:
    user = await a_person(portal.database)
    bearer = f"Bearer {await portal.token(user)}"
    async with portal.database.system() as session:
        await session.execute(
            update(Session).where(Session.user_id == user.id).values(proven_until=datetime.now(UTC))
        )
    before = await portal.post("/graphql", {"query": DISABLE}, authorization=bearer)

    stepped = await portal.post("/auth/step-up", {"password": PASSWORD}, authorization=bearer)
    after = await portal.post("/graphql", {"query": DISABLE}, authorization=bearer)

    assert stepped.status == 200
    assert [code(each) for each in (before, after)] == ["STEP_UP_REQUIRED", "WRONG_STATE"]
    assert "x-portal-changed-session" not in stepped.headers


def code(answer: Answer) -> str:
    return str(answer.json["data"]["disableSecondFactor"]["errors"][0]["code"])
