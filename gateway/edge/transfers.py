"""Files on their way, in or out: how many at once, how long is waited, why one is refused."""

import logging
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from aiohttp import ClientError
from starlette.responses import Response

from gateway.authentication.principals import Caller
from gateway.edge.answers import UNKNOWN_CALLER, of_unknown_caller, refusal

logger = logging.getLogger(__name__)

R = TypeVar("R")

#: What a client hears of a service that does not answer, or not as it should.
_AWAY: Final = "Files cannot be passed on at the moment: try again."


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """Transfers at once in all and of one caller, and what is waited for, in seconds: a service
    that is asked, one that pauses, and a client that does."""

    at_once: int
    of_caller: int
    answer: float
    silence: float
    patience: float


class TooMany(Exception):
    """The caller (429), or everybody together (503), passes enough already."""

    def __init__(self, status: int) -> None:
        super().__init__("Too many files are on their way: wait until one of them is there.")
        self.status = status


class NotPassedOn(Exception):
    """The service gave no answer that a client may have."""


class Transfers:
    """Those of one direction, counted in this process."""

    def __init__(self, limits: TransferLimits) -> None:
        self._limits = limits
        self._running: Counter[UUID | None] = Counter()

    @contextmanager
    def one_more(self, caller: Caller | None) -> Iterator[None]:
        """While it runs. All who are unknown count as one. Raises `TooMany`."""
        id = caller.principal.id if caller is not None else None
        if self._running[id] >= self._limits.of_caller:
            raise TooMany(429)
        if self._running.total() >= self._limits.at_once:
            raise TooMany(503)
        self._running[id] += 1
        try:
            yield
        finally:
            self._running[id] -= 1
            if not self._running[id]:
                del self._running[id]


async def answered(transfer: Awaitable[R], service: str) -> R | Response:
    """What the transfer returns, or why there is none."""
    try:
        return await transfer
    except UNKNOWN_CALLER as error:
        return of_unknown_caller(error)
    except TooMany as error:
        return refusal(error.status, "RATE_LIMITED", str(error), **{"retry-after": "5"})
    except (NotPassedOn, ClientError, OSError) as error:  # TimeoutError is an OSError
        logger.warning("file not passed on", extra={"service": service, "error": repr(error)})
        return refusal(503, "UNAVAILABLE", _AWAY, **{"retry-after": "1"})
