"""Proving again who one is, and forgotten passwords: what the gateway passes on of them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.subgraph.signed import Gate
from services.identity.answers import Cookies, answer
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.errors import SessionOver
from services.identity.authentication.password_changes import PasswordChanges
from services.identity.authentication.proofs import Proof, Proofs
from services.identity.authentication.second_factors import Factor
from services.identity.requests import (
    ForgotPasswordBody,
    ResetPasswordBody,
    StepUpBody,
    bearer,
    json_body,
    read,
    visit_of,
)
from services.identity.routes import post

#: For the gateway, which keeps principals by session and asks for this one anew.
_CHANGED_SESSION: Final = "x-portal-changed-session"


@dataclass(frozen=True, slots=True)
class CredentialEndpoints:
    """Each is answered to the gateway alone."""

    gate: Gate
    tokens: AccessTokens
    proofs: Proofs
    passwords: PasswordChanges
    cookies: Cookies

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            post("/auth/step-up", self.step_up),
            post("/auth/forgot-password", self.forgot_password),
            post("/auth/reset-password", self.reset_password),
        ]

    async def step_up(self, request: Request) -> Response:
        """The current session has its person's proof anew."""
        body = read(StepUpBody, await json_body(self.gate, request))
        proof = Proof(body.password, Factor(body.code, body.recovery_code))
        session_id = await self._session_id(request)
        until = await self.proofs.renew(session_id, proof, visit_of(request))
        response = answer({"provenUntil": until})
        response.headers[_CHANGED_SESSION] = str(session_id)
        return response

    async def forgot_password(self, request: Request) -> Response:
        """Whether or not anybody has the address, the answer is this one."""
        body = read(ForgotPasswordBody, await json_body(self.gate, request))
        await self.passwords.forget(body.email, visit_of(request))
        return Response(status_code=202, headers={"cache-control": "no-store"})

    async def reset_password(self, request: Request) -> Response:
        """The mailed token for another password. Nobody is signed in by it."""
        body = read(ResetPasswordBody, await json_body(self.gate, request))
        await self.passwords.reset(body.token, body.password, visit_of(request))
        return self.cookies.forget(Response(status_code=204))

    async def _session_id(self, request: Request) -> UUID:
        """The session of a token that is still good. Raises `SessionOver`."""
        token = bearer(request) or self.cookies.access_token(request)
        session_id = await self.tokens.current_session_of(token) if token is not None else None
        if session_id is None:
            raise SessionOver
        return session_id
