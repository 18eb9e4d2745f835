"""A subgraph's events over HTTP (GraphQL over SSE, distinct connections mode)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, Final, NamedTuple

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from gateway.errors import SubgraphBadAnswer, SubgraphTimeout, SubgraphUnavailable
from gateway.transport.answer import checked
from gateway.transport.message import body_of, headers_of
from gateway.transport.request import SubgraphRequest
from kit.signing import Signer

EVENT_STREAM: Final = "text/event-stream"

_CHUNK: Final = 64 * 1024


class SseTransport:
    """A `Subscribe` over HTTP.

    `timeout` seconds for the stream to begin, `silence` seconds in which at least a comment must
    come, `max_event` bytes of one event. A stream that breaks is not taken up again.
    """

    def __init__(
        self,
        name: str,
        url: str,
        session: ClientSession,
        signer: Signer | None,
        *,
        timeout: float,
        silence: float,
        max_event: int,
    ) -> None:
        self._name = name
        self._url = URL(url)
        self._session = session
        self._signer = signer
        self._timeout = timeout
        self._silence = silence
        self._max_event = max_event

    async def __call__(self, request: SubgraphRequest) -> AsyncGenerator[Mapping[str, Any], None]:
        """Subscribe. Raises `SubgraphError`, also when the stream ends without saying so."""
        body = body_of(request)
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._session.post(
                    self._url,
                    data=body,
                    headers=headers_of(request, body, self._url, self._signer, accept=EVENT_STREAM),
                    allow_redirects=False,
                    timeout=ClientTimeout(total=None, sock_read=self._silence),
                )
            async with response:
                self._check(response)
                async for event in self._events(response):
                    yield event
        except TimeoutError as error:
            raise SubgraphTimeout(self._name, "no sign of life in time") from error
        except (ClientError, OSError) as error:
            raise SubgraphUnavailable(self._name, type(error).__name__) from error

    def _check(self, response: ClientResponse) -> None:
        if response.status != 200:
            raise SubgraphUnavailable(self._name, f"status {response.status}")
        if response.content_type != EVENT_STREAM:
            raise SubgraphBadAnswer(self._name, f"content type {response.content_type}")

    async def _events(self, response: ClientResponse) -> AsyncIterator[Mapping[str, Any]]:
        async for message in self._messages(response):
            match message.event:
                case "complete":
                    return
                case "next":
                    yield checked(self._name, self._decoded(message.data))
                case _:  # what this protocol does not know, clients pass over
                    pass
        raise SubgraphUnavailable(self._name, "the stream broke off")

    async def _messages(self, response: ClientResponse) -> AsyncIterator["_Message"]:
        reader = _Reader()
        async for chunk in response.content.iter_chunked(_CHUNK):
            for message in reader.read(chunk):
                yield message
            if reader.waiting > self._max_event:
                raise SubgraphBadAnswer(self._name, "an event is too long")

    def _decoded(self, data: bytes) -> Any:
        if len(data) > self._max_event:
            raise SubgraphBadAnswer(self._name, "an event is too long")
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise SubgraphBadAnswer(self._name, "an event is not JSON") from error


class _Message(NamedTuple):
    event: str
    data: bytes


class _Reader:
    """Bytes to messages (HTML, 9.2.6 Interpreting an event stream)."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._event = ""
        self._data: list[bytes] = []
        self._after_return = False

    @property
    def waiting(self) -> int:
        """Bytes of the message that is not complete."""
        return len(self._line) + sum(map(len, self._data))

    def read(self, chunk: bytes) -> list[_Message]:
        """The messages that became complete."""
        if self._after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_return = chunk.endswith(b"\r")
        *lines, rest = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        found = []
        for line in lines:
            message = self._take(bytes(self._line) + line)
            self._line.clear()
            if message is not None:
                found.append(message)
        self._line += rest
        return found

    def _take(self, line: bytes) -> _Message | None:
        if not line:
            message = _Message(self._event or "message", b"\n".join(self._data))
            is_empty = not self._data and not self._event
            self._event, self._data = "", []
            return None if is_empty else message
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._event = value.decode(errors="replace")
        elif name == b"data":
            self._data.append(value)
        return None
