"""Requests that are refused by their headers alone: unreadable ones, and other sites' doing."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge import answers
from gateway.edge.accept import Accepted

#: A header that no form and no link can send: with it, a request was made by a script that this
#: origin allows.
_PREFLIGHT_HEADERS: Final = ("graphql-require-preflight", "apollo-require-preflight")


def asks_for_ide(request: Request) -> bool:
    """Whether a browser wants a page."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def refuse(request: Request) -> Response | None:
    """Why the request goes no further; None when it does."""
    if asks_for_ide(request):
        return None
    accepted = Accepted.of(request.headers)
    if accepted.single is None and not accepted.streams:
        return answers.refusal(406, "NOT_ACCEPTABLE", "Accept application/json.")
    if request.method == "POST":
        return _refuse_content_type(request)
    if request.cookies and not _is_own_doing(request, accepted):
        reason = f"A GET with cookies needs the header {_PREFLIGHT_HEADERS[0]}."
        return answers.refusal(403, "CROSS_SITE", reason)
    return None


def _is_own_doing(request: Request, accepted: Accepted) -> bool:
    """An EventSource cannot send headers: there the browser itself says where it comes from."""
    if any(name in request.headers for name in _PREFLIGHT_HEADERS):
        return True
    return accepted.events and request.headers.get("sec-fetch-site") == "same-origin"


def _refuse_content_type(request: Request) -> Response | None:
    """JSON only: no form and no plain text can be sent across sites in the caller's name."""
    content_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if content_type.strip().lower() == "application/json" and charset in ("", "utf-8"):
        return None
    return answers.refusal(
        415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json in UTF-8."
    )
