"""How tokens reach a client: in the body, or as cookies that no script can read."""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.identity.authentication.sign_in import Tokens
from services.identity.requests import Delivery

ACCESS_COOKIE: Final = "portal_access"
REFRESH_COOKIE: Final = "portal_refresh"
FLOW_COOKIE: Final = "portal_oidc"

#: The refresh token goes to these routes only.
_REFRESH_PATH: Final = "/auth"
_FLOW_PATH: Final = "/auth/oidc"


def answer(document: Any, status: int = 200) -> Response:
    """JSON that nobody may keep (RFC 6749, section 5.1)."""
    headers = {"cache-control": "no-store", "pragma": "no-cache"}
    return Response(orjson.dumps(document), status, headers, media_type="application/json")


@dataclass(frozen=True, slots=True)
class Cookies:
    """HttpOnly, SameSite=Lax, and `secure` wherever the portal is served over HTTPS."""

    secure: bool

    def deliver(self, tokens: Tokens, delivery: Delivery) -> Response:
        """The tokens, as the client wants them."""
        document = {"tokenType": "Bearer", "expiresIn": tokens.expires_in}
        if delivery is Delivery.TOKEN:
            secrets = {"accessToken": tokens.access_token, "refreshToken": tokens.refresh_token}
            return answer({**document, **secrets})
        return self.attach(answer(document), tokens)

    def attach(self, response: Response, tokens: Tokens) -> Response:
        """The same response, with the tokens as cookies."""
        self._set(response, ACCESS_COOKIE, "/", tokens.access_token, tokens.expires_in)
        self._set(
            response,
            REFRESH_COOKIE,
            _REFRESH_PATH,
            tokens.refresh_token,
            tokens.refresh_expires_in,
        )
        return response

    def forget(self, response: Response) -> Response:
        """The same response, telling the browser to drop both cookies."""
        self._set(response, ACCESS_COOKIE, "/", "", 0)
        self._set(response, REFRESH_COOKIE, _REFRESH_PATH, "", 0)
        return response

    def keep_flow(self, response: Response, kept: str, seconds: int) -> Response:
        """The same response, with what the browser keeps while it is at a provider."""
        self._set(response, FLOW_COOKIE, _FLOW_PATH, kept, seconds)
        return response

    def forget_flow(self, response: Response) -> Response:
        """The same response: the browser is back."""
        return self.keep_flow(response, "", 0)

    def flow(self, request: Request) -> str | None:
        """What the browser kept while it was at a provider."""
        return request.cookies.get(FLOW_COOKIE) or None

    def access_token(self, request: Request) -> str | None:
        """The access token that the browser sent by itself."""
        return request.cookies.get(ACCESS_COOKIE) or None

    def refresh_token(self, request: Request) -> str | None:
        """The refresh token that the browser sent by itself."""
        return request.cookies.get(REFRESH_COOKIE) or None

    def _set(self, response: Response, name: str, path: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=path,
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
