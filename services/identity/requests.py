"""The bodies that the sign-in routes take."""

from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from kit.subgraph.signed import Gate
from services.identity.authentication.errors import InvalidRequest
from services.identity.authentication.sessions import Visit


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
    #: Of the second factor, for people who have one; either of them.
    code: str | None = Field(default=None, max_length=16, repr=False)
    recovery_code: str | None = Field(default=None, max_length=64, repr=False)


class RefreshBody(Body):
    """`POST /auth/refresh`. Without a token, the cookie counts."""

    refresh_token: str | None = Field(default=None, min_length=1, max_length=128, repr=False)


class SignOutBody(RefreshBody):
    """`POST /auth/sign-out`."""


class StepUpBody(Body):
    """`POST /auth/step-up`: the second factor for people who have one, else the password."""

    password: str | None = Field(default=None, min_length=1, max_length=1024, repr=False)
    code: str | None = Field(default=None, max_length=16, repr=False)
    recovery_code: str | None = Field(default=None, max_length=64, repr=False)


class ForgotPasswordBody(Body):
    """`POST /auth/forgot-password`."""

    email: str = Field(min_length=1, max_length=254)


class ResetPasswordBody(Body):
    """`POST /auth/reset-password`."""

    token: str = Field(min_length=1, max_length=128, repr=False)
    password: str = Field(min_length=1, max_length=1024, repr=False)


B = TypeVar("B", bound=Body)


def read(kind: type[B], body: bytes) -> B:
    """The body, checked. Raises `InvalidRequest`, naming the member but not its value."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        places = {".".join(map(str, each["loc"])) or "body" for each in error.errors()}
        raise InvalidRequest(f"Not valid: {', '.join(sorted(places))}.") from None


async def json_body(gate: Gate, request: Request) -> bytes:
    """The verified body of a request in JSON. Raises `Refused`, `InvalidRequest`."""
    body = await gate.body(request)
    # A form of another site cannot send this type without asking first (CSRF).
    if media_type(request) != "application/json":
        raise InvalidRequest("The content type must be application/json.")
    return body or b"{}"


def bearer(request: Request) -> str | None:
    """The access token in the header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def visit_of(request: Request) -> Visit:
    """With which program, and from where, the client comes."""
    return Visit(request.headers.get("user-agent"), client_address(request))


def client_address(request: Request) -> str | None:
    """Where the client is, as the gateway says; the gateway alone sets the header."""
    return request.headers.get("x-portal-client-address") or None


def media_type(request: Request) -> str:
    """The body's type without its parameters, in lower case (RFC 9110, section 8.3.1)."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
