"""Routes beside `/graphql`: whatever goes wrong is JSON in the form of RFC 6749, section 5.2."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.errors import DomainError
from kit.subgraph.signed import Refused
from services.identity.answers import answer
from services.identity.authentication.errors import AuthenticationError

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


def post(path: str, handler: Handler) -> Route:
    """A route that changes something."""
    return Route(path, _guarded(handler), methods=["POST"])


def get(path: str, handler: Handler) -> Route:
    """A route that reads, or that a browser is sent to."""
    return Route(path, _guarded(handler), methods=["GET"])


def error_answer(error: AuthenticationError) -> Response:
    """The refusal as its client reads it."""
    response = _error(error.status, error.error, str(error), error.code)
    response.headers.update(error.headers)
    return response


def _guarded(handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except AuthenticationError as error:
            return error_answer(error)
        except DomainError as refusal:
            return _error(400, "invalid_request", refusal.message.in_english(), refusal.code)
        except Refused as refusal:
            return _error(refusal.status, "invalid_request", str(refusal), refusal.code)
        except Exception:  # the last word is never a stack trace
            logger.exception("request failed", extra={"path": request.url.path})
            return _error(500, "server_error", "Internal error.", "INTERNAL_SERVER_ERROR")

    return handle


def _error(status: int, error: str, description: str, code: str) -> Response:
    return answer({"error": error, "error_description": description, "code": code}, status)
