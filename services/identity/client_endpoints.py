"""What machine clients are answered: tokens, what is known of them, and where all that is."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.subgraph.signed import Gate
from services.identity import capabilities
from services.identity.answers import answer
from services.identity.authentication.client_tokens import ClientTokens
from services.identity.authentication.clients import ClientSignIn
from services.identity.client_requests import (
    asked_token,
    client_credentials,
    read_form,
    wanted_scopes,
)
from services.identity.routes import get, post

_METHODS: Final = ("client_secret_basic", "client_secret_post")
#: How long others may keep the metadata, in seconds.
_METADATA_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class ClientEndpoints:
    """The routes of the authorization server that machine clients meet."""

    gate: Gate
    sign_in: ClientSignIn

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            post("/auth/token", self.token),
            post("/auth/introspect", self.introspect),
            post("/auth/revoke", self.revoke),
            get("/.well-known/oauth-authorization-server", self.metadata),
        ]

    async def token(self, request: Request) -> Response:
        """RFC 6749, section 4.4: the client credentials grant."""
        form = read_form(request, await self.gate.body(request))
        wanted = wanted_scopes(form)
        token = await self.sign_in.sign_in(client_credentials(request, form), wanted)
        return answer(
            {
                "access_token": token.access_token,
                "token_type": "Bearer",
                "expires_in": token.expires_in,
                "scope": " ".join(sorted(capability.scope for capability in token.scopes)),
            }
        )

    async def introspect(self, request: Request) -> Response:
        """RFC 7662: whether one of the client's own tokens is good, and for what."""
        form = read_form(request, await self.gate.body(request))
        shown = client_credentials(request, form)
        return answer(await ClientTokens(self.sign_in).introspect(shown, asked_token(form)))

    async def revoke(self, request: Request) -> Response:
        """RFC 7009: the token's session is over."""
        form = read_form(request, await self.gate.body(request))
        shown = client_credentials(request, form)
        await ClientTokens(self.sign_in).revoke(shown, asked_token(form))
        return Response(status_code=200, headers={"cache-control": "no-store"})

    async def metadata(self, request: Request) -> Response:
        """RFC 8414, for everybody."""
        issuer = self.sign_in.tokens.issuer
        authentication = {
            f"{endpoint}_endpoint_auth_methods_supported": _METHODS
            for endpoint in ("token", "introspection", "revocation")
        }
        response = answer(
            {
                "issuer": issuer,
                "token_endpoint": f"{issuer}/auth/token",
                "introspection_endpoint": f"{issuer}/auth/introspect",
                "revocation_endpoint": f"{issuer}/auth/revoke",
                "jwks_uri": f"{issuer}/.well-known/jwks.json",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "scopes_supported": sorted(each.scope for each in capabilities.MACHINES),
                **authentication,
            }
        )
        response.headers["cache-control"] = f"public, max-age={_METADATA_SECONDS}"
        return response
