"""The GraphQL endpoint of a service: it answers the gateway and nobody else."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import orjson
from cross_web import HTTPException
from opentelemetry import propagate, trace
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL

from kit.principal import Principal
from kit.subgraph.schema import Subgraph
from kit.subgraph.signed import Gate, Refused, caller_of, json_object, replay
from kit.subgraph.streaming import Contexts, asks_for_stream, stream
from kit.telemetry import REQUESTS

#: Makes a request's context from the caller and the languages that the client asks for.
MakeContext = Callable[[Principal, str | None], Any]

_tracer: Final = trace.get_tracer(__name__)


class Endpoint(GraphQL[Any, None]):
    """POST only, signed by the gateway, with the caller in `extensions.principal`."""

    def __init__(self, schema: Subgraph, *, gate: Gate, make_context: MakeContext) -> None:
        super().__init__(schema, graphql_ide=None, allow_queries_via_get=False)
        self._gate = gate
        self._make_context = make_context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        started = time.perf_counter()
        try:
            response = await self._answer(Request(scope, receive))
        except Refused as refusal:
            response = refusal.response()
        outcome = "ok" if response.status_code == 200 else "refused"
        service = self._gate.verifier.audience
        REQUESTS.labels(service, outcome).observe(time.perf_counter() - started)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            raise Refused(405, "METHOD_NOT_ALLOWED", "This endpoint takes POST.")
        body = await self._gate.body(request)
        payload = json_object(body)
        languages = request.headers.get("accept-language")
        contexts = Contexts(partial(self._make_context, caller_of(payload), languages))
        parent = propagate.extract(request.headers)
        with _tracer.start_as_current_span(_span_name(payload), context=parent):
            if asks_for_stream(request):
                return stream(self.schema, payload, contexts)
            try:
                return await self.run(Request(request.scope, replay(body)), context=contexts.make())
            except HTTPException as error:
                raise Refused(error.status_code, "BAD_REQUEST", error.reason) from error

    def decode_json(self, data: str | bytes) -> object:
        """By orjson."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        """By orjson."""
        return orjson.dumps(data)


def _span_name(payload: dict[str, Any]) -> str:
    name = payload.get("operationName")
    return f"graphql {name}" if isinstance(name, str) else "graphql"
