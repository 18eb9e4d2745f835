"""GraphQL over HTTP to one subgraph, signed where the subgraph wants to know who asks."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from gateway.errors import SubgraphBadAnswer, SubgraphTimeout, SubgraphUnavailable
from gateway.transport.answer import checked
from gateway.transport.message import body_of, headers_of
from gateway.transport.request import SubgraphRequest
from kit.signing import Signer

#: Connections to one subgraph at once, and seconds an idle one is kept: fewer than servers keep
#: theirs, so that no request is sent into a connection that is being closed.
CONNECTIONS: Final = 100
_IDLE: Final = 30.0

_CHUNK: Final = 64 * 1024
_JSON_TYPES: Final = ("application/json", "application/graphql-response+json")


def open_session(most: int = CONNECTIONS) -> ClientSession:
    """With `most` connections to each origin, 0 for any number. Needs a running event loop."""
    connector = TCPConnector(limit=0, limit_per_host=most, keepalive_timeout=_IDLE)
    # No cookies: what one caller's answer sets must not go out with another's request.
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar())


class HttpTransport:
    """A `Send` over HTTP. `timeout` in seconds, `max_answer` in bytes."""

    def __init__(
        self,
        name: str,
        url: str,
        session: ClientSession,
        signer: Signer | None,
        *,
        timeout: float,
        max_answer: int,
    ) -> None:
        self._name = name
        self._url = URL(url)
        self._session = session
        self._signer = signer
        self._timeout = timeout
        self._max_answer = max_answer

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """Send one request. Raises `SubgraphError`."""
        body = body_of(request)
        left = request.context.deadline - asyncio.get_running_loop().time()
        if left <= 0:
            raise SubgraphTimeout(self._name, "no time was left to ask")
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=headers_of(request, body, self._url, self._signer, accept=_JSON_TYPES[0]),
                allow_redirects=False,
                timeout=ClientTimeout(total=min(self._timeout, left)),
            ) as response:
                content = await self._content(response)
        except TimeoutError as error:
            raise SubgraphTimeout(self._name, "no answer in time") from error
        except (ClientError, OSError) as error:
            raise SubgraphUnavailable(self._name, type(error).__name__) from error
        return checked(self._name, self._decoded(content))

    async def _content(self, response: ClientResponse) -> bytes:
        if response.status != 200:
            raise SubgraphUnavailable(self._name, f"status {response.status}")
        if response.content_type not in _JSON_TYPES:
            raise SubgraphBadAnswer(self._name, f"content type {response.content_type}")
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._max_answer:
                raise SubgraphBadAnswer(self._name, "the answer is too long")
        return bytes(content)

    def _decoded(self, content: bytes) -> Any:
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise SubgraphBadAnswer(self._name, "the answer is not JSON") from error
