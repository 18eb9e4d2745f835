"""The bodies that the sign-in routes take."""

import base64
import binascii
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qs, unquote_plus

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from services.identity.authentication.errors import BadClient, InvalidRequest, UnsupportedGrant


class Delivery(StrEnum):
    """Where the tokens go: into the answer's body, or into cookies."""

    TOKEN = "token"
    COOKIE = "cookie"


class Body(BaseModel):
    """JSON in camel case; unknown members are ignored (RFC 6749, section 3.1)."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, extra="ignore", hide_input_in_errors=True
    )


class SignInBody(Body):
    """`POST /auth/sign-in`. The limits keep Argon2 from being fed books."""

    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=1024, repr=False)
    delivery: Delivery = Delivery.TOKEN
    #: Of the second factor, for people who have one.
    code: str | None = Field(default=None, max_length=16, repr=False)


class RefreshBody(Body):
    """`POST /auth/refresh`. Without a token, the cookie counts."""

    refresh_token: str | None = Field(default=None, min_length=1, max_length=128, repr=False)


class SignOutBody(RefreshBody):
    """`POST /auth/sign-out`."""


B = TypeVar("B", bound=Body)


def read(kind: type[B], body: bytes) -> B:
    """The body, checked. Raises `InvalidRequest`, naming the member but not its value."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        places = {".".join(map(str, each["loc"])) or "body" for each in error.errors()}
        raise InvalidRequest(f"Not valid: {', '.join(sorted(places))}.") from None


def client_credentials(request: Request, body: bytes) -> tuple[str, str]:
    """Client id and secret of a token request: by HTTP Basic or in the form, not by both.

    Raises `InvalidRequest`, `UnsupportedGrant`, `BadClient`.
    """
    form = _form(request, body)
    if "grant_type" not in form:
        raise InvalidRequest("The grant type is missing.")
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrant
    authorization = request.headers.get("authorization")
    if authorization is None:
        if "client_id" not in form or "client_secret" not in form:
            raise BadClient
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise InvalidRequest("The client authenticates twice.")
    return _basic(authorization)


def media_type(request: Request) -> str:
    """The body's type without its parameters, in lower case (RFC 9110, section 8.3.1)."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _form(request: Request, body: bytes) -> dict[str, str]:
    if media_type(request) != "application/x-www-form-urlencoded":
        raise InvalidRequest("The content type must be application/x-www-form-urlencoded.")
    try:
        form = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=32)
    except ValueError:
        raise InvalidRequest from None
    if any(len(values) > 1 for values in form.values()):
        raise InvalidRequest("A parameter is repeated.")
    return {name: values[0] for name, values in form.items()}


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise BadClient from None
    id, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise BadClient
    # Both are form-encoded before they are joined: RFC 6749, section 2.3.1.
    return unquote_plus(id), unquote_plus(secret)
