"""Ending a loop that reads from Redis."""

import asyncio


def heed_cancellation() -> None:
    """Raise `CancelledError` in a task that was cancelled, though a library lost the exception.

    redis-py sends through `asyncio.wait_for`, which before Python 3.12 swallows a cancellation
    that arrives in the same turn of the event loop as its result (python/cpython#86296). Without
    this a loop would outlive its application.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
