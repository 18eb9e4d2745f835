"""`/graphql` over HTTP (GraphQL over HTTP, draft of 2025), through Strawberry's ASGI view."""

import logging
import time
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.types import QueryParams
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult, PreExecutionError

from gateway.authentication.callers import KnowsCallers, Unauthenticated, Unavailable
from gateway.authentication.credentials import MalformedCredentials, credentials_of
from gateway.authentication.principals import Caller
from gateway.edge import answers
from gateway.edge.body import BodyTooLarge, read_body
from gateway.federated_schema import FederatedSchema
from gateway.persisted.names import lift
from kit.telemetry import REQUESTS

logger = logging.getLogger(__name__)

_NAME: Final = "gateway"

#: A header that no form and no link can send: with it, a request was made by a script that this
#: origin allows.
_PREFLIGHT_HEADERS: Final = ("graphql-require-preflight", "apollo-require-preflight")


@dataclass(frozen=True, slots=True)
class Connection:
    """What an operation knows of the request that carries it."""

    caller: Caller | None
    accept_language: str | None


class Endpoint(GraphQL[Connection, None]):
    """GET and POST; batches; GraphiQL where the IDE is on."""

    def __init__(
        self,
        schema: FederatedSchema,
        authenticator: KnowsCallers,
        *,
        ide: bool,
        max_body: int,
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql" if ide else None)
        self._authenticator = authenticator
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        started = time.perf_counter()
        response = await self._answer(Request(scope, receive))
        outcome = "ok" if response.status_code == 200 else "refused"
        REQUESTS.labels(_NAME, outcome).observe(time.perf_counter() - started)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        refused = _refuse(request)
        if refused is not None:
            return refused
        try:
            connection = await self._connect(request)
            request = await self._read(request)
            return await self.run(request, context=connection)
        except (Unauthenticated, MalformedCredentials) as error:
            return answers.refusal(
                401, "UNAUTHENTICATED", str(error), **{"www-authenticate": "Bearer"}
            )
        except Unavailable as error:
            return answers.refusal(503, "UNAVAILABLE", str(error), **{"retry-after": "1"})
        except BodyTooLarge as error:
            return answers.refusal(413, "BODY_TOO_LARGE", str(error))
        except InvalidOperationTypeError as error:
            reason = error.as_http_error_reason(request.method)
            return answers.refusal(405, "METHOD_NOT_ALLOWED", reason, allow="POST")
        except HTTPException as error:
            return answers.refusal(error.status_code, "BAD_REQUEST", error.reason)
        except Exception:  # a fault of ours: the log says which, the client only that
            logger.exception("operation failed")
            return answers.refusal(500, "INTERNAL_SERVER_ERROR", "Internal error.")

    async def _connect(self, request: Request) -> Connection:
        caller = await self._authenticator.caller(credentials_of(request))
        return Connection(caller, request.headers.get("accept-language"))

    async def _read(self, request: Request) -> Request:
        body = await read_body(request, self._max_body)

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return Request(request.scope, replay)

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Only browsers ask for a page by name: an operation may come without its document."""
        return request.method == "GET" and "text/html" in (request.headers.get("accept") or "")

    async def get_sub_response(self, request: Request) -> Response:  # type: ignore[override]
        """Remembers the form that the client accepts."""
        return Response(media_type=answers.media_type(request.headers) or answers.JSON)

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """In the form that was negotiated."""
        return answers.graphql(response_data, sub_response.media_type or answers.JSON)

    async def process_result(self, request: Request, result: ExecutionResult) -> Any:
        """`data` is absent when nothing was executed."""
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        if not isinstance(result, PreExecutionError):
            answer["data"] = result.data
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    def parse_json(self, data: str | bytes) -> Any:
        """A body: one operation, or a batch of them."""
        payload: Any = self.decode_json(data)
        if payload == []:
            raise HTTPException(400, "A batch holds at least one operation.")
        for operation in payload if isinstance(payload, list) else [payload]:
            _check_shape(operation)
            lift(operation)
        return payload

    def parse_query_params(self, params: QueryParams) -> dict[str, Any]:
        """One operation, two of whose parameters are JSON."""
        operation: dict[str, Any] = dict(params)
        for name in ("variables", "extensions"):
            if operation.get(name):
                operation[name] = self.decode_json(operation[name])
        lift(operation)
        return operation

    def decode_json(self, data: str | bytes) -> object:
        """By orjson."""
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, "The request is not JSON.") from error

    def encode_json(self, data: object) -> bytes:
        """By orjson."""
        return orjson.dumps(data)


def _check_shape(operation: Any) -> None:
    if not isinstance(operation, dict):
        raise HTTPException(400, "An operation is a JSON object.")
    for name, type in (("query", str), ("operationName", str), ("variables", dict)):
        if not isinstance(operation.get(name), type | None):
            raise HTTPException(400, f"`{name}` has the wrong type.")


def _refuse(request: Request) -> Response | None:
    if _asks_for_ide(request):
        return None
    if answers.media_type(request.headers) is None:
        return answers.refusal(406, "NOT_ACCEPTABLE", "Accept application/json.")
    if request.method == "POST":
        return _refuse_content_type(request)
    if request.cookies and not any(name in request.headers for name in _PREFLIGHT_HEADERS):
        reason = f"A GET with cookies needs the header {_PREFLIGHT_HEADERS[0]}."
        return answers.refusal(403, "CROSS_SITE", reason)
    return None


def _refuse_content_type(request: Request) -> Response | None:
    """JSON only: no form and no plain text can be sent across sites in the caller's name."""
    content_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if content_type.strip().lower() == "application/json" and charset in ("", "utf-8"):
        return None
    return answers.refusal(
        415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json in UTF-8."
    )


def _asks_for_ide(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")
