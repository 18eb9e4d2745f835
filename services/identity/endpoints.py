"""What the gateway passes on: sign-in of people, and the principals behind tokens.

Every route but the public key set is answered to the gateway alone. Errors are JSON in the form
of RFC 6749, section 5.2, with a `code` of ours.
"""

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
from services.identity.authentication.errors import InvalidRequest
from services.identity.authentication.second_factors import Factor
from services.identity.authentication.sign_in import Attempt, SignIn
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.principals import principal_of
from services.identity.requests import (
    Delivery,
    RefreshBody,
    SignInBody,
    SignOutBody,
    bearer,
    json_body,
    read,
    visit_of,
)
from services.identity.routes import get, post

#: How long others may keep the key set: new keys are published longer before they sign.
_KEY_SET_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The routes beside `/graphql`."""

    gate: Gate
    database: Database
    people: SignIn
    keys: SigningKeys
    cookies: Cookies

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            post("/auth/sign-in", self.sign_in),
            post("/auth/refresh", self.refresh),
            post("/auth/sign-out", self.sign_out),
            post("/principal", self.principal),
            get("/.well-known/jwks.json", self.key_set),
        ]

    async def sign_in(self, request: Request) -> Response:
        """E-mail address and password for a session."""
        body = read(SignInBody, await json_body(self.gate, request))
        attempt = Attempt(
            email=body.email,
            password=body.password,
            factor=Factor(code=body.code, recovery_code=body.recovery_code),
            visit=visit_of(request),
        )
        return self.cookies.deliver(await self.people.sign_in(attempt), body.delivery)

    async def refresh(self, request: Request) -> Response:
        """A refresh token for fresh tokens, delivered as it came: in the body or as a cookie."""
        body = read(RefreshBody, await json_body(self.gate, request))
        visit = visit_of(request)
        if body.refresh_token is not None:
            tokens = await self.people.refresh(body.refresh_token, visit)
            return self.cookies.deliver(tokens, Delivery.TOKEN)
        token = self.cookies.refresh_token(request)
        if token is None:
            raise InvalidRequest("There is no refresh token, neither in the body nor as a cookie.")
        return self.cookies.deliver(await self.people.refresh(token, visit), Delivery.COOKIE)

    async def sign_out(self, request: Request) -> Response:
        """Ends the session of whatever tokens the request carries; always succeeds."""
        body = read(SignOutBody, await json_body(self.gate, request))
        await self.people.sign_out(
            refresh_token=body.refresh_token or self.cookies.refresh_token(request),
            access_token=bearer(request) or self.cookies.access_token(request),
        )
        return self.cookies.forget(Response(status_code=204))

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


def _session_id(text: Any) -> UUID | None:
    if not isinstance(text, str):
        return None
    try:
        return UUID(text)
    except ValueError:
        return from_global("ses", text)
