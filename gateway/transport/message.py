"""A request as it goes to a subgraph: its body, and the headers that prove where it comes from."""

from typing import Any

import orjson
from opentelemetry import propagate
from yarl import URL

from gateway.errors import SubgraphBadRequest
from gateway.transport.request import SubgraphRequest
from kit.signing import Signer


def payload_of(request: SubgraphRequest) -> dict[str, Any]:
    """The principal goes as it was encoded once, inside what is signed."""
    payload: dict[str, Any] = {"query": request.document, "variables": request.variables}
    if request.operation_name is not None:
        payload["operationName"] = request.operation_name
    if request.context.caller is not None:
        payload["extensions"] = {"principal": request.context.caller.encoded}
    return payload


def body_of(request: SubgraphRequest) -> bytes:
    """The payload as JSON. Raises `SubgraphBadRequest`."""
    try:
        return orjson.dumps(payload_of(request))
    except orjson.JSONEncodeError as error:
        raise SubgraphBadRequest(request.subgraph, str(error)) from error


def headers_of(
    request: SubgraphRequest,
    body: bytes,
    url: URL,
    signer: Signer | None,
    *,
    accept: str,
    method: str = "POST",
) -> dict[str, str]:
    """Signed where there is a signer."""
    headers = {"accept": accept, "content-type": "application/json"}
    if request.context.accept_language is not None:
        headers["accept-language"] = request.context.accept_language
    propagate.inject(headers)
    if signer is None:
        return headers
    signed = signer.headers(audience=request.subgraph, method=method, path=url.path, body=body)
    return {**headers, **signed}
