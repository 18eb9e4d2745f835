"""The forms that machine clients send: who they are, and what they want (RFC 6749, 7009, 7662)."""

import base64
import binascii
from typing import Final
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request

from kit.contract import Capability
from services.identity.authentication.clients import ClientCredentials
from services.identity.authentication.errors import (
    BadClient,
    InvalidRequest,
    InvalidScope,
    UnsupportedGrant,
)
from services.identity.requests import client_address, media_type

Form = dict[str, str]

_BY_SCOPE: Final = {capability.scope: capability for capability in Capability}
_MOST_FIELDS: Final = 32


def read_form(request: Request, body: bytes) -> Form:
    """The form's parameters, without the empty ones (RFC 6749, section 3.2).

    Raises `InvalidRequest`.
    """
    if media_type(request) != "application/x-www-form-urlencoded":
        raise InvalidRequest("The content type must be application/x-www-form-urlencoded.")
    try:
        form = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InvalidRequest from None
    if any(len(values) > 1 for values in form.values()):
        raise InvalidRequest("A parameter is repeated.")
    return {name: values[0] for name, values in form.items()}


def client_credentials(request: Request, form: Form) -> ClientCredentials:
    """Client id and secret, by HTTP Basic or in the form, not by both.

    Raises `InvalidRequest`, `BadClient`.
    """
    authorization = request.headers.get("authorization")
    if authorization is None:
        if "client_id" not in form or "client_secret" not in form:
            raise BadClient
        id, secret = form["client_id"], form["client_secret"]
    elif "client_secret" in form:
        raise InvalidRequest("The client authenticates twice.")
    else:
        id, secret = _basic(authorization)
    if form.get("client_id", id) != id:
        raise InvalidRequest("The client has two ids.")
    return ClientCredentials(id, secret, client_address(request))


def wanted_scopes(form: Form) -> frozenset[Capability] | None:
    """The scopes of a token request; None when it names none.

    Raises `InvalidRequest`, `UnsupportedGrant`, `InvalidScope`.
    """
    if "grant_type" not in form:
        raise InvalidRequest("The grant type is missing.")
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrant
    names = form.get("scope", "").split()
    if not all(name in _BY_SCOPE for name in names):
        raise InvalidScope
    return frozenset(_BY_SCOPE[name] for name in names) or None


def asked_token(form: Form) -> str:
    """The token that is asked about, of whatever type. Raises `InvalidRequest`."""
    if "token" not in form:
        raise InvalidRequest("The token is missing.")
    return form["token"]


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
