"""Answers in the forms of GraphQL over HTTP (draft of 2025, section 6)."""

from typing import Any, Final

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response

from gateway.authentication.callers import Unauthenticated, Unavailable
from gateway.authentication.credentials import MalformedCredentials

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"

#: On every answer: it is one person's own, and it is what it says it is.
SAFETY: Final = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

#: Why it is not known who calls.
UNKNOWN_CALLER: Final = (Unauthenticated, MalformedCredentials, Unavailable)


def media_type(headers: Headers) -> str | None:
    """The form that the client accepts; None when it accepts neither."""
    accept = headers.get("accept", "*/*")
    ranges = [entry.split(";")[0].strip().lower() for entry in accept.split(",")]
    if GRAPHQL_RESPONSE in ranges:
        return GRAPHQL_RESPONSE
    if {JSON, "application/*", "*/*"}.intersection(ranges):
        return JSON
    return None


def status_of(answer: Any, form: str) -> int:
    """400 when nothing was executed; `application/json` says 200 to every GraphQL answer."""
    if form == JSON or isinstance(answer, list):
        return 200
    return 200 if "data" in answer else 400


def graphql(answer: Any, form: str) -> Response:
    """A GraphQL answer, or a batch of them."""
    return Response(
        orjson.dumps(answer),
        status_of(answer, form),
        headers=SAFETY,
        media_type=f"{form}; charset=utf-8",
    )


def refusal(status: int, code: str, message: str, **headers: str) -> Response:
    """A request that never becomes an operation."""
    error = {"message": message, "extensions": {"code": code}}
    return Response(
        orjson.dumps({"errors": [error]}),
        status,
        headers=SAFETY | headers,
        media_type=f"{GRAPHQL_RESPONSE}; charset=utf-8",
    )


def of_unknown_caller(error: Exception) -> Response:
    """One of `UNKNOWN_CALLER`: the credentials are not good, or nobody can tell at the moment."""
    if isinstance(error, Unavailable):
        return refusal(503, "UNAVAILABLE", str(error), **{"retry-after": "1"})
    return refusal(401, "UNAUTHENTICATED", str(error), **{"www-authenticate": "Bearer"})
