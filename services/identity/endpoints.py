"""What the gateway passes on: sign-in of people and machines, and the principals behind tokens.

Every route but the public key set is answered to the gateway alone. Errors are JSON in the form
of RFC 6749, section 5.2, with a `code` of ours.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.database import Database
from kit.ids import from_global
from kit.subgraph.signed import Gate, Refused, json_object
from services.identity.answers import Cookies, answer
from services.identity.authentication import sessions
from services.identity.authentication.clients import ClientSignIn
from services.identity.authentication.errors import AuthenticationError, InvalidRequest
from services.identity.authentication.sign_in import Attempt, SignIn
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.principals import principal_of
from services.identity.requests import (
    Delivery,
    RefreshBody,
    SignInBody,
    SignOutBody,
    client_credentials,
    media_type,
    read,
)

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]

#: How long others may keep the key set: new keys are published longer before they sign.
_KEY_SET_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The routes beside `/graphql`."""

    gate: Gate
    database: Database
    people: SignIn
    clients: ClientSignIn
    keys: SigningKeys
    cookies: Cookies

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            _post("/auth/sign-in", self.sign_in),
            _post("/auth/refresh", self.refresh),
            _post("/auth/sign-out", self.sign_out),
            _post("/auth/token", self.token),
            _post("/principal", self.principal),
            Route("/.well-known/jwks.json", _guarded(self.key_set), methods=["GET"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """E-mail address and password for a session."""
        body = read(SignInBody, await self._json(request))
        attempt = Attempt(
            email=body.email,
            password=body.password,
            code=body.code,
            user_agent=request.headers.get("user-agent"),
        )
        return self.cookies.deliver(await self.people.sign_in(attempt), body.delivery)

    async def refresh(self, request: Request) -> Response:
        """A refresh token for fresh tokens, delivered as it came: in the body or as a cookie."""
        body = read(RefreshBody, await self._json(request))
        if body.refresh_token is not None:
            return self.cookies.deliver(
                await self.people.refresh(body.refresh_token), Delivery.TOKEN
            )
        token = self.cookies.refresh_token(request)
        if token is None:
            raise InvalidRequest("There is no refresh token, neither in the body nor as a cookie.")
        return self.cookies.deliver(await self.people.refresh(token), Delivery.COOKIE)

    async def sign_out(self, request: Request) -> Response:
        """Ends the session of whatever tokens the request carries; always succeeds."""
        body = read(SignOutBody, await self._json(request))
        await self.people.sign_out(
            refresh_token=body.refresh_token or self.cookies.refresh_token(request),
            access_token=_bearer(request) or self.cookies.access_token(request),
        )
        return self.cookies.forget(Response(status_code=204))

    async def token(self, request: Request) -> Response:
        """RFC 6749, section 4.4: the client credentials grant."""
        client_id, secret = client_credentials(request, await self.gate.body(request))
        token = await self.clients.sign_in(client_id, secret)
        return answer(
            {
                "access_token": token.access_token,
                "token_type": "Bearer",
                "expires_in": token.expires_in,
                "scope": " ".join(scope.scope for scope in token.scopes),
            }
        )

    async def principal(self, request: Request) -> Response:
        """The principal of a session, for the gateway to keep until it changes."""
        session_id = _session_id(json_object(await self.gate.body(request)).get("sessionId"))
        now = datetime.now(UTC)
        async with self.database.system() as session:
            found = await principal_of(session, session_id, now) if session_id else None
            if found is None or session_id is None:
                raise Refused(404, "SESSION_OVER", "The session has ended.")
            await sessions.touch(session, session_id, now)
        return answer({"principal": found.encode()})

    async def key_set(self, request: Request) -> Response:
        """The keys that verify access tokens (RFC 7517), for everybody."""
        response = answer({"keys": await self.keys.published()})
        response.headers["cache-control"] = f"public, max-age={_KEY_SET_SECONDS}"
        return response

    async def _json(self, request: Request) -> bytes:
        body = await self.gate.body(request)
        # A form of another site cannot send this type without asking first (CSRF).
        if media_type(request) != "application/json":
            raise InvalidRequest("The content type must be application/json.")
        return body or b"{}"


def _post(path: str, handler: Handler) -> Route:
    return Route(path, _guarded(handler), methods=["POST"])


def _guarded(handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except AuthenticationError as error:
            response = _error(error.status, error.error, str(error), error.code)
            response.headers.update(error.headers)
            return response
        except Refused as refusal:
            return _error(refusal.status, "invalid_request", str(refusal), refusal.code)
        except Exception:  # the last word is never a stack trace
            logger.exception("request failed", extra={"path": request.url.path})
            return _error(500, "server_error", "Internal error.", "INTERNAL_SERVER_ERROR")

    return handle


def _error(status: int, error: str, description: str, code: str) -> Response:
    return answer({"error": error, "error_description": description, "code": code}, status)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _session_id(text: Any) -> UUID | None:
    if not isinstance(text, str):
        return None
    try:
        return UUID(text)
    except ValueError:
        return from_global("ses", text)
