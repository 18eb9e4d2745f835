"""Sign-in with a provider through the gateway: where a browser is sent, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from gateway.app import create_app
from gateway.settings import Settings
from kit.database import Database
from services.identity.app import create_app as create_identity
from tests.support.asgi import call
from tests.support.browsing import Browser, at_provider
from tests.support.databases import Databases
from tests.support.http import served
from tests.support.identity import SIGNING_KEYS, a_user, an_identity, kept, the_settings
from tests.support.providers import PUBLIC_URL, running_provider

SUPERGRAPH = Path(__file__).parent.parent.parent.parent / "gateway" / "supergraph.graphql"
FROM_THE_PROVIDER = {
    "sec_fetch_site": "cross-site",
    "sec_fetch_mode": "navigate",
    "sec_fetch_dest": "document",
}


@dataclass(frozen=True)
class Portal:
    """A gateway before an identity that knows one provider."""

    gateway: ASGIApp
    database: Database

    def browser(self) -> Browser:
        """One without cookies."""
        return Browser(self.gateway, signs=False)


@pytest_asyncio.fixture(scope="module")
async def portal(databases: Databases, valkey_url: str) -> AsyncIterator[Portal]:
    url = databases.of("identity")
    people = {"ada": {"email": "ada@acme.example", "email_verified": True}}
    with running_provider(people) as provider:
        settings = the_settings(
            url,
            redis_url=valkey_url,
            public_url=PUBLIC_URL,
            providers=[provider.as_setting()],
        )
        async with an_identity(url) as database, served(create_identity(settings)) as origin:
            await kept(database, a_user(email="ada@acme.example"))
            gateway = create_app(
                Settings(
                    supergraph=str(SUPERGRAPH),
                    subgraph_urls={"identity": f"{origin}/graphql"},
                    redis_url=valkey_url,
                    signing_keys=SIGNING_KEYS,
                    identity_url=origin,
                    public_url=PUBLIC_URL,
                )
            )
            async with gateway.router.lifespan_context(gateway):
                yield Portal(gateway, database)


async def test_a_browser_signs_in_with_a_provider_and_asks_who_it_is(portal: Portal) -> None:
    browser = portal.browser()
    target = await at_provider(await browser.begin(return_to="/cases?view=ALL&q=a%20b"), "ada")

    back = await browser.get(target, **FROM_THE_PROVIDER)
    body = orjson.dumps({"query": "{ me { user { email } } }"})
    headers = {"content-type": "application/json", "cookie": browser.jar}
    answer = await call(portal.gateway, "/graphql", body=body, headers=headers)

    assert (back.status, back.headers["location"]) == (303, "/cases?view=ALL&q=a%20b")
    assert back.headers["referrer-policy"] == "no-referrer"
    assert answer.json["data"] == {"me": {"user": {"email": "ada@acme.example"}}}


@pytest.mark.parametrize(
    "changed",
    [
        {"sec_fetch_mode": "no-cors"},
        {"sec_fetch_mode": "cors"},
        {"sec_fetch_dest": "iframe"},
        {"sec_fetch_dest": "image"},
    ],
)
async def test_another_site_sends_people_but_neither_frames_nor_fetches(
    portal: Portal, changed: dict[str, str]
) -> None:
    browser = portal.browser()

    sent = await browser.get("/auth/oidc/acme", **FROM_THE_PROVIDER)
    refused = await portal.browser().get("/auth/oidc/acme", **{**FROM_THE_PROVIDER, **changed})

    assert sent.status == 303
    assert (refused.status, refused.json["errors"][0]["extensions"]["code"]) == (403, "CROSS_SITE")


async def test_another_site_posts_nothing_however_it_says_it_does(portal: Portal) -> None:
    headers = {name.replace("_", "-"): value for name, value in FROM_THE_PROVIDER.items()}

    answer = await call(portal.gateway, "/auth/token", headers=headers)

    assert (answer.status, answer.json["errors"][0]["extensions"]["code"]) == (403, "CROSS_SITE")


async def test_where_tokens_are_given_is_published_on_the_gateways_origin(portal: Portal) -> None:
    path = "/.well-known/oauth-authorization-server"

    answer = await call(portal.gateway, path, method="GET")

    assert answer.status == 200
    assert answer.json["token_endpoint"] == f"{PUBLIC_URL}/auth/token"


async def test_a_provider_is_not_reached_by_other_ways(portal: Portal) -> None:
    for path in ("/auth/oidc", "/auth/oidc/acme/other", "/auth/sign-in", "/principal"):
        answer = await call(portal.gateway, path, method="GET")
        assert answer.status in (404, 405)
