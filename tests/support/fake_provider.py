"""A provider that says whatever a test wants, signed with keys of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.identity.authentication.oidc.asking import Asking
from services.identity.authentication.oidc.discovery import Publications
from services.identity.authentication.providers import Provider
from tests.support.http import served

CLIENT_ID: Final = "portal"
CLIENT_SECRET: Final = "the secret of the portal at the provider"


def a_key(kid: str = "one") -> RSAKey:
    """A key pair for signatures."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


@cache
def _usual_key() -> RSAKey:
    # Making one takes a while.
    return a_key()


@dataclass
class FakeProvider:
    """What it publishes, to be changed at will, and how often it was asked."""

    issuer: str = ""
    key: RSAKey = field(default_factory=_usual_key)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] | None = None
    #: Given instead of JSON, at every address.
    instead: Response | None = None
    asked: list[str] = field(default_factory=list)

    def setting(self, **values: Any) -> Provider:
        """As an operator sets it up."""
        defaults = {
            "name": "acme",
            "issuer": self.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "domains": ["acme.example"],
        }
        return Provider.model_validate({**defaults, **values})

    def publications(self, clock: Any = None, **values: Any) -> Publications:
        """What it publishes, as we read it."""
        timed = (clock,) if clock is not None else ()
        return Publications(self.setting(**values), Asking(), *timed)

    def signed(
        self, claims: dict[str, Any], header: dict[str, Any] | None = None, key: Any = None
    ) -> str:
        """An ID token, by any key and algorithm."""
        header = {"alg": "RS256", "kid": "one", **(header or {})}
        return jwt.encode(header, claims, key or self.key, algorithms=[header["alg"]])

    async def answer(self, request: Request) -> Response:
        """One of its documents."""
        self.asked.append(request.url.path)
        if self.instead is not None:
            return self.instead
        if request.url.path == "/jwks":
            return JSONResponse({"keys": self._published()})
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                **self.metadata,
            }
        )

    def _published(self) -> list[Any]:
        if self.keys is not None:
            return self.keys
        return list(KeySet([self.key]).as_dict(private=False)["keys"])


@asynccontextmanager
async def a_fake_provider() -> AsyncIterator[FakeProvider]:
    """A provider on a free port."""
    provider = FakeProvider()
    routes = [
        Route("/.well-known/openid-configuration", provider.answer),
        Route("/jwks", provider.answer),
    ]
    async with served(Starlette(routes=routes)) as origin:
        provider.issuer = origin
        yield provider


def an_elliptic_key(kid: str = "one") -> ECKey:
    """A key pair of another kind."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}, private=True)
