"""The access token in a request: a bearer token, or the cookie that browsers keep.

A token in the URL is not looked at: URLs are logged (RFC 9700, 4.3.2).
"""

from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

ACCESS_COOKIE: Final = "portal_access"


class MalformedCredentials(Exception):
    """The request carries credentials that cannot be read. Its text is safe to show."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access token. `ambient` tells that a browser added it by itself (cross-site risk)."""

    token: str
    ambient: bool


def credentials_of(connection: HTTPConnection) -> Credentials | None:
    """The request's credentials, None when it has none. Raises `MalformedCredentials`.

    A bearer token wins over a cookie (RFC 6750, 2.1).
    """
    headers = connection.headers.getlist("authorization")
    if len(headers) > 1:
        raise MalformedCredentials("There is more than one Authorization header.")
    if headers:
        return bearer(headers[0])
    cookie = connection.cookies.get(ACCESS_COOKIE)
    return Credentials(cookie, ambient=True) if cookie else None


def bearer(given: object) -> Credentials:
    """The token in `Bearer <token>`. Raises `MalformedCredentials`."""
    scheme, _, token = given.partition(" ") if isinstance(given, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise MalformedCredentials("The authorization must be `Bearer <token>`.")
    return Credentials(token.strip(), ambient=False)
