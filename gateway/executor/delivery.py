"""What of an answer is delivered later (@defer)."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.executor.merge import Tree, copied, merge
from gateway.executor.projection import Projection
from gateway.executor.run import Run, Task
from gateway.operation.model import Part
from gateway.plan.fetch import Plan

ResponsePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Increment:
    """What a deferred fragment brings to the object at `path`; no data when null rose to it."""

    part: Part
    path: ResponsePath
    data: dict[str, Any] | None
    errors: list[dict[str, Any]]


async def deliver(
    run: Run,
    plan: Plan,
    tasks: Mapping[int, Task],
    projections: Mapping[Part, Projection],
    first: Tree,
) -> AsyncIterator[list[Increment]]:
    """The parts that became complete together, until all are. `first` is what was delivered."""
    delivered = copied(first)
    waiting: dict[int, Task] = {}
    for part in plan.parts:
        ready = _ready(tasks, plan, part, waiting.get(part.parent))
        waiting[part.id] = asyncio.create_task(ready)
    left = list(plan.parts)
    try:
        while left:
            pending = [waiting[part.id] for part in left]
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            done = [part for part in left if waiting[part.id].done()]
            left = [part for part in left if part not in done]
            yield [
                increment
                for part in done
                for increment in _increments(part, projections[part], run, delivered)
            ]
    finally:
        await cancelled(waiting.values())


async def all_of(tasks: Mapping[int, Task], plan: Plan, part: int) -> None:
    """Wait for all requests of a part."""
    for fetch in plan.fetches:
        if fetch.part == part:
            await tasks[fetch.id]


async def cancelled(tasks: Iterable[Task]) -> None:
    """End what still runs."""
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _ready(tasks: Mapping[int, Task], plan: Plan, part: Part, parent: Task | None) -> None:
    """A part is complete when its requests are answered and what it stands in is complete."""
    if parent is not None:
        await parent
    await all_of(tasks, plan, part.id)


def _increments(
    part: Part, projection: Projection, run: Run, delivered: Tree
) -> Iterator[Increment]:
    shaped, errors = projection.shape(run.root, run.gaps, run.verdicts)
    for path, target, data in list(_objects(part.path, delivered, shaped, ())):
        about = [error for error in errors if _starts_with(error.get("path"), path)]
        if data is not None:
            merge(target, copied(data), {})
        yield Increment(part, path, data, about)


def _objects(
    keys: tuple[str, ...], delivered: Any, shaped: Any, path: ResponsePath
) -> Iterator[tuple[ResponsePath, Tree, Tree | None]]:
    """The objects that the client has, and what they get. A null that rose ends above them."""
    if delivered.__class__ is list:
        for at, each in enumerate(delivered):
            below = shaped[at] if shaped.__class__ is list else None
            yield from _objects(keys, each, below, (*path, at))
    elif delivered.__class__ is dict and keys:
        key, *rest = keys
        below = shaped.get(key) if shaped.__class__ is dict else None
        yield from _objects(tuple(rest), delivered.get(key), below, (*path, key))
    elif delivered.__class__ is dict:
        yield path, delivered, shaped


def _starts_with(path: Any, start: ResponsePath) -> bool:
    return isinstance(path, list) and tuple(path[: len(start)]) == start
