"""What passes over a socket, and the codes with which one is closed."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson

#: Bytes of a reason for closing, after which a close frame has no room (RFC 6455, 5.5).
_MOST_REASON: Final = 123
_SECOND: Final = 1.0


class Closing(Exception):
    """The socket is to be closed. Its text is safe to show."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_MOST_REASON].decode(errors="ignore")


def read_message(frame: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The message in a frame of at most `limit` bytes. Raises `Closing`."""
    text = frame.get("text")
    if text is None:
        raise Closing(4400, "A message is text")
    # A character has up to four bytes: most messages need not be encoded to be measured.
    if len(text) > limit or (len(text) * 4 > limit and len(text.encode()) > limit):
        raise Closing(1009, f"A message has at most {limit} bytes")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise Closing(4400, "A message is JSON") from error
    if not isinstance(message, dict):
        raise Closing(4400, "A message is a JSON object")
    return message


def refusal(id: str, code: str, message: str) -> dict[str, Any]:
    """The message that ends an operation with one error."""
    error = {"message": message, "extensions": {"code": code}}
    return {"type": "error", "id": id, "payload": [error]}


class Gauge:
    """How many messages come within a second."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since = float("-inf")
        self._count = 0

    def count(self) -> None:
        """One more. Raises `Closing` when they are too many."""
        now = asyncio.get_running_loop().time()
        if now - self._since >= _SECOND:
            self._since, self._count = now, 0
        self._count += 1
        if self._count > self._most:
            raise Closing(1008, "Too many messages")
