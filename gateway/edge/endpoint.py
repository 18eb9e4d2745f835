"""`/graphql` over HTTP (GraphQL over HTTP, draft of 2025), through Strawberry's ASGI view."""

import logging
import time
from contextlib import aclosing
from functools import partial
from typing import Any, Final

import orjson
from cross_web import HTTPException
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.types import QueryParams
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType as AllowedType

from gateway.authentication.callers import KnowsCallers
from gateway.authentication.credentials import credentials_of
from gateway.edge import answers
from gateway.edge.accept import EVENT_STREAM, Accepted
from gateway.edge.body import BodyTooLarge, read_body
from gateway.edge.client_address import client_address
from gateway.edge.connection import Connection
from gateway.edge.guard import asks_for_ide, refuse
from gateway.edge.incremental import payload_of
from gateway.edge.shape import Malformed, check_operation
from gateway.edge.streaming import Events, Form, MultipartEvents, Parts, Stream
from gateway.federated_schema import ALL_KINDS, Answers, FederatedSchema
from gateway.persisted.names import lift
from gateway.settings import EngineSettings
from kit.telemetry import REQUESTS

logger = logging.getLogger(__name__)

_NAME: Final = "gateway"

#: What a GET may do: nothing that changes anything.
_SAFE_KINDS: Final = ALL_KINDS - {OperationType.MUTATION}


class Endpoint(GraphQL[Connection, None]):
    """GET and POST; batches; streams for those who accept them; GraphiQL where the IDE is on."""

    def __init__(
        self, schema: FederatedSchema, authenticator: KnowsCallers, settings: EngineSettings
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql" if settings.in_development else None)
        self._federated = schema
        self._authenticator = authenticator
        self._max_body = settings.max_body
        self._trusted_hops = settings.trusted_hops
        self._stream = partial(
            Stream, heartbeat=settings.heartbeat, patience=settings.client_patience
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        started = time.perf_counter()
        response = await self._answer(Request(scope, receive))
        outcome = "ok" if response.status_code == 200 else "refused"
        REQUESTS.labels(_NAME, outcome).observe(time.perf_counter() - started)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | Stream:
        refused = refuse(request)
        if refused is not None:
            return refused
        try:
            connection = await self._connect(request)
            request = await self._read(request)
            accepted = Accepted.of(request.headers)
            if accepted.streams and not asks_for_ide(request):
                return await self._answer_in_pieces(request, connection, accepted)
            return await self.run(request, context=connection)
        except answers.UNKNOWN_CALLER as error:
            return answers.of_unknown_caller(error)
        except BodyTooLarge as error:
            return answers.refusal(413, "BODY_TOO_LARGE", str(error))
        except InvalidOperationTypeError as error:
            return _refusal_of(error, request.method)
        except HTTPException as error:
            if isinstance(error.__cause__, InvalidOperationTypeError):
                return _refusal_of(error.__cause__, request.method)
            return answers.refusal(error.status_code, "BAD_REQUEST", error.reason)
        except Exception:  # a fault of ours: the log says which, the client only that
            logger.exception("operation failed")
            return answers.refusal(500, "INTERNAL_SERVER_ERROR", "Internal error.")

    async def _answer_in_pieces(
        self, request: Request, connection: Connection, accepted: Accepted
    ) -> Response | Stream:
        """As many as there are: one answer is one, whatever else is accepted."""
        adapter = self.request_adapter_class(request)
        if not self.is_request_allowed(adapter):
            raise HTTPException(405, "GraphQL only supports GET and POST requests.")
        asked = await self.parse_http_body(adapter)
        if isinstance(asked, list):
            return await self.run(request, context=connection)
        try:
            opened = await self._federated.open(
                asked.query,
                operation_name=asked.operation_name,
                variables=asked.variables,
                extensions=asked.extensions,
                connection=connection,
                kinds=ALL_KINDS if request.method == "POST" else _SAFE_KINDS,
                in_parts=accepted.deferred is not None or accepted.deferred_events is not None,
            )
        except MissingQueryError as error:
            raise HTTPException(400, "No GraphQL query found in the request") from error
        return await self._in_form(opened, accepted)

    async def _in_form(self, opened: Answers, accepted: Accepted) -> Response | Stream:
        form = None
        if opened.lasts or accepted.single is None:
            form = _form(opened.kind, accepted)
        if form is not None:
            return self._stream(form, opened.frames)
        async with aclosing(opened.frames) as frames:
            if opened.lasts or accepted.single is None:
                return answers.refusal(406, "NOT_ACCEPTABLE", f"Accept {EVENT_STREAM}.")
            result = await anext(frames)
        assert isinstance(result, ExecutionResult)  # it does not last
        return answers.graphql(payload_of(result), accepted.single)

    async def _connect(self, request: Request) -> Connection:
        presence = await self._authenticator.presence(credentials_of(request))
        return Connection(
            await presence.caller(),
            request.headers.get("accept-language"),
            presence,
            client_address(request, self._trusted_hops),
        )

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
        return payload_of(result)

    def parse_json(self, data: str | bytes) -> Any:
        """A body: one operation, or a batch of them."""
        payload: Any = self.decode_json(data)
        if payload == []:
            raise HTTPException(400, "A batch holds at least one operation.")
        for operation in payload if isinstance(payload, list) else [payload]:
            try:
                check_operation(operation)
            except Malformed as error:
                raise HTTPException(400, str(error)) from error
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


def _refusal_of(error: InvalidOperationTypeError, method: str) -> Response:
    """Another method, or another form of answers, would carry this kind of operation."""
    if error.operation_type is AllowedType.SUBSCRIPTION:
        return answers.refusal(406, "NOT_ACCEPTABLE", f"To subscribe, accept {EVENT_STREAM}.")
    reason = error.as_http_error_reason(method)
    return answers.refusal(405, "METHOD_NOT_ALLOWED", reason, allow="POST")


def _form(kind: OperationType | None, accepted: Accepted) -> Form | None:
    """The form of several answers that this client accepts for this kind of operation."""
    is_parted = kind is not OperationType.SUBSCRIPTION
    if is_parted and accepted.deferred is not None:
        return Parts(accepted.deferred)
    if accepted.events:
        return Events(accepted.deferred_events)
    return MultipartEvents() if accepted.multipart_events else None
