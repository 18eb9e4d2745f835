"""A stream goes on only while its caller is who it was when it began."""

import asyncio
from asyncio import Event
from collections.abc import AsyncGenerator
from typing import Final, TypeVar

from gateway.authentication.presence import Presence
from gateway.authentication.principals import Caller
from gateway.errors import StreamTooOld

T = TypeVar("T")

_END: Final = object()


class CallerChanged(Exception):
    """The caller has other rights than before."""


async def while_same(
    presence: Presence,
    caller: Caller | None,
    changed: Event,
    items: AsyncGenerator[T, None],
    *,
    until: float,
) -> AsyncGenerator[T, None]:
    """The items, as long as `caller` is the present one: each is looked at before it is given.

    `changed` is what the presence's changes set, `until` a time of the event loop's. Raises
    `CallerChanged`, `StreamTooOld` and what the presence raises, within a moment of the change.
    `items` are closed in any case.
    """
    step: asyncio.Task[T | object] | None = None
    try:
        while True:
            step = asyncio.create_task(_next(items))
            while not step.done():
                await _either(step, changed, _seconds_left(presence, until))
                await _check(presence, caller, until)
            item = step.result()
            if item is _END:
                return
            yield item  # type: ignore[misc]  # it is the end or a T
    finally:
        await _cancelled(step)
        await items.aclose()


async def _either(step: asyncio.Task[T | object], changed: Event, seconds: float) -> None:
    """Wait for the step or for news, which are then heard; at most so long."""
    hearing = asyncio.create_task(changed.wait())
    try:
        await asyncio.wait({step, hearing}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            changed.clear()
    finally:
        hearing.cancel()


async def _check(presence: Presence, caller: Caller | None, until: float) -> None:
    now = await presence.caller()
    if _encoded(now) != _encoded(caller):
        raise CallerChanged
    if asyncio.get_running_loop().time() >= until:
        raise StreamTooOld


def _encoded(caller: Caller | None) -> str | None:
    return caller.encoded if caller is not None else None


def _seconds_left(presence: Presence, until: float) -> float:
    left = until - asyncio.get_running_loop().time()
    if presence.seconds_left is not None:
        left = min(left, presence.seconds_left)
    return max(0.0, left)


async def _next(items: AsyncGenerator[T, None]) -> T | object:
    return await anext(items, _END)


async def _cancelled(step: asyncio.Task[T | object] | None) -> None:
    if step is not None:
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
