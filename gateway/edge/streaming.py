"""Answers in several pieces over HTTP: server-sent events, and multipart bodies."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final, Protocol

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import PreExecutionError

from gateway.edge.accept import EVENT_STREAM, MULTIPART, DeferSpec
from gateway.edge.answers import SAFETY
from gateway.edge.incremental import Payload, Writer, payload_of, writer_of
from gateway.pipeline import Frame

logger = logging.getLogger(__name__)


class Form(Protocol):
    """How pieces are written; `heartbeat` is None where nothing may come in between."""

    media_type: str
    opening: bytes
    heartbeat: bytes | None
    closing: bytes

    def piece(self, frame: Frame) -> bytes:
        """What a client reads at once."""

    def last(self) -> bytes:
        """What ends the answer, before the body does."""


class Events:
    """GraphQL over SSE, distinct connections mode."""

    media_type = f"{EVENT_STREAM}; charset=utf-8"
    opening = b":\n\n"
    closing = b"event: complete\ndata:\n\n"

    def __init__(self, spec: DeferSpec | None) -> None:
        self.heartbeat: bytes | None = self.opening
        self._writer = writer_of(spec)

    def piece(self, frame: Frame) -> bytes:
        """An event."""
        return self._event(self._writer.payload(frame))

    def last(self) -> bytes:
        """That there are no more parts, where there were any."""
        return self._event(self._writer.last())

    def _event(self, payload: Payload | None) -> bytes:
        return b"event: next\ndata: %b\n\n" % orjson.dumps(payload) if payload is not None else b""


class Parts:
    """A multipart answer to one operation, each part of which completes it further."""

    opening = b"\r\n---"
    closing = b"--\r\n"

    def __init__(self, spec: DeferSpec) -> None:
        self.heartbeat: bytes | None = None
        name = "incrementalSpec" if spec is DeferSpec.INCREMENTAL else "deferSpec"
        self.media_type = f'{MULTIPART}; boundary="-"; {name}={spec}'
        self._writer: Writer = writer_of(spec)

    def piece(self, frame: Frame) -> bytes:
        """A part."""
        return self._part(self._writer.payload(frame))

    def last(self) -> bytes:
        """That there are no more."""
        return self._part(self._writer.last())

    def _part(self, payload: Payload | None) -> bytes:
        return _part(payload, b"---") if payload is not None else b""


class MultipartEvents:
    """A multipart body with an event in each part (subscriptionSpec=1.0)."""

    media_type = f'{MULTIPART}; boundary="graphql"; subscriptionSpec=1.0'
    opening = b"\r\n--graphql"
    closing = b"--\r\n"

    def __init__(self) -> None:
        self.heartbeat: bytes | None = _part({}, b"--graphql")
        self._writer = writer_of(None)

    def piece(self, frame: Frame) -> bytes:
        """An event, or why there are no more."""
        if isinstance(frame, PreExecutionError):
            return _part({"payload": None, **payload_of(frame)}, b"--graphql")
        return _part({"payload": self._writer.payload(frame)}, b"--graphql")

    def last(self) -> bytes:
        """Nothing: the closing boundary says it."""
        return b""


def _part(payload: Any, boundary: bytes) -> bytes:
    """With the boundary that follows, which tells a client that the part is complete."""
    head = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
    return head + orjson.dumps(payload) + b"\r\n" + boundary


class Stream:
    """An ASGI response. `heartbeat` and `patience` in seconds.

    A client that takes nothing for as long as the patience lasts is cut off; when it is gone, the
    frames are closed at once.
    """

    status_code: Final = 200

    def __init__(
        self,
        form: Form,
        frames: AsyncGenerator[Frame, None],
        *,
        heartbeat: float,
        patience: float,
    ) -> None:
        self._form = form
        self._frames = frames
        self._heartbeat = heartbeat
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write until everything is said, or nobody reads any more."""
        async with aclosing(self._frames):
            gone = asyncio.create_task(_until_gone(receive))
            writing = asyncio.create_task(self._write(send))
            try:
                await asyncio.wait({gone, writing}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                gone.cancel()
                writing.cancel()
                results = await asyncio.gather(gone, writing, return_exceptions=True)
            _say_why(results[1])

    async def _write(self, send: Send) -> None:
        headers = {**SAFETY, "content-type": self._form.media_type, "x-accel-buffering": "no"}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status_code, "headers": raw})
        await self._send(send, self._form.opening)
        while (frame := await self._next(send)) is not None:
            await self._send(send, self._form.piece(frame))
        await self._send(send, self._form.last() + self._form.closing)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, send: Send) -> Frame | None:
        """The next frame, and signs of life while it does not come."""
        step = asyncio.create_task(_step(self._frames))
        try:
            while not (await asyncio.wait({step}, timeout=self._heartbeat))[0]:
                if self._form.heartbeat is not None:
                    await self._send(send, self._form.heartbeat)
            return step.result()
        finally:
            step.cancel()
            await asyncio.gather(step, return_exceptions=True)

    async def _send(self, send: Send, body: bytes) -> None:
        async with asyncio.timeout(self._patience):
            await send({"type": "http.response.body", "body": body, "more_body": True})


async def _step(frames: AsyncGenerator[Frame, None]) -> Frame | None:
    return await anext(frames, None)


async def _until_gone(receive: Receive) -> None:
    message = await receive()
    while message["type"] != "http.disconnect":
        await asyncio.sleep(0)  # a server that repeats itself must not keep others waiting
        message = await receive()


def _say_why(outcome: BaseException | None) -> None:
    match outcome:
        case None | asyncio.CancelledError():
            pass
        case TimeoutError() | OSError():
            logger.info("client cut off", extra={"reason": type(outcome).__name__})
        case _:
            logger.error("stream failed", exc_info=outcome)
