"""A browser that signs in with a provider, between the portal and the provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import Morsel, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.signing import Keyring, Signer
from tests.support.asgi import Answer, call
from tests.support.identity import SIGNING_KEYS
from tests.support.providers import PUBLIC_URL

_SIGNER: Final = Signer(Keyring.parse(SIGNING_KEYS))
_MOST_REDIRECTS: Final = 10


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session a browser has: the global id of a person."""

    subject: str
    session_id: UUID


@dataclass
class Browser:
    """Keeps the portal's cookies. Before identity its requests are signed as the gateway does."""

    app: ASGIApp
    cookies: dict[str, Morsel[str]] = field(default_factory=dict)
    signs: bool = True

    async def get(self, target: str, **headers: str) -> Answer:
        """One page of the portal's."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        signature = _SIGNER.headers(audience="identity", method="GET", path=target, body=b"")
        sent.update(signature if self.signs else {})
        if self.jar:
            sent["cookie"] = self.jar
        return await call(self._keeping_cookies, target, method="GET", headers=sent)

    @property
    def jar(self) -> str:
        """Its cookies as it sends them."""
        living = {name: each for name, each in self.cookies.items() if each["max-age"] != "0"}
        return "; ".join(f"{name}={each.value}" for name, each in living.items())

    async def begin(self, provider: str = "acme", **query: str) -> str:
        """Where the portal sends the browser."""
        answer = await self.get(changed(f"/auth/oidc/{provider}", **query))
        assert answer.status == 303, answer.body
        return answer.headers["location"]

    async def signs_in(
        self, person: str, *, provider: str = "acme", return_to: str = "/", **proof: str
    ) -> Answer:
        """The whole way, as a person of the provider's."""
        location = await self.begin(provider, return_to=return_to)
        return await self.get(await at_provider(location, person, **proof))

    @property
    def is_signed_in(self) -> bool:
        """Whether it was given a session."""
        return "portal_access" in self.cookies

    async def signed_in_as(self) -> SignedIn:
        """Who identity says it is, checked as the gateway does."""
        keys = (await call(self.app, "/.well-known/jwks.json", method="GET")).json
        token = self.cookies["portal_access"].value
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims
        return SignedIn(claims["sub"], UUID(claims["sid"]))

    async def _keeping_cookies(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def keep(message: Message) -> None:
            for name, value in message.get("headers", ()):
                if name == b"set-cookie":
                    self.cookies.update(SimpleCookie(value.decode()))
            await send(message)

        await self.app(scope, receive, keep)


async def at_provider(location: str, person: str, **proof: str) -> str:
    """What the person does there, who proves it by `amr`, `acr` and `proved_at`: the target on
    the portal that the provider sends the browser back to."""
    names = {"amr": "x-amr", "acr": "x-acr", "proved_at": "x-proved-at"}
    headers = {"x-person": person, **{names[name]: value for name, value in proof.items()}}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        for _ in range(_MOST_REDIRECTS):
            response = await client.get(location)
            assert response.has_redirect_location, response.text
            location = str(response.url.join(response.headers["location"]))
            if location.startswith(PUBLIC_URL):
                return location.removeprefix(PUBLIC_URL)
    raise AssertionError("The provider sends the browser in circles.")


def changed(target: str, **parameters: str | None) -> str:
    """The same target with other parameters; None takes one away."""
    parts = urlsplit(target)
    query: Mapping[str, Any] = {**dict(parse_qsl(parts.query)), **parameters}
    left = {name: value for name, value in query.items() if value is not None}
    return f"{parts.path}?{urlencode(left)}" if left else parts.path
