"""Answers in parts, in the two forms that clients know."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Protocol

from strawberry.types.execution import ExecutionResult, PreExecutionError

from gateway.edge.accept import DeferSpec
from gateway.executor.delivery import Increment
from gateway.executor.merge import copied, merge
from gateway.operation.model import Part
from gateway.pipeline import FirstPart, Frame

Payload = dict[str, Any]
_Path = tuple[str | int, ...]


def payload_of(result: ExecutionResult) -> Payload:
    """One answer (GraphQL 7.1); `data` is absent when nothing was executed."""
    answer: Payload = {}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    if not isinstance(result, PreExecutionError):
        answer["data"] = result.data
    if result.extensions:
        answer["extensions"] = result.extensions
    return answer


class Writer(Protocol):
    """Writes the pieces of one answer."""

    def payload(self, frame: Frame) -> Payload | None:
        """What the client reads; None when there is nothing to tell."""

    def last(self) -> Payload | None:
        """What ends the answer, if its form has an end."""


def writer_of(spec: DeferSpec | None) -> Writer:
    """A new one for each operation."""
    return IncrementalWriter() if spec is DeferSpec.INCREMENTAL else DeferWriter()


class DeferWriter:
    """Each part names its path and label (deferSpec=20220824)."""

    def __init__(self) -> None:
        self._has_parts = False

    def payload(self, frame: Frame) -> Payload | None:
        """`incremental` tells what came."""
        match frame:
            case FirstPart(result):
                self._has_parts = True
                return {**payload_of(result), "hasNext": True}
            case ExecutionResult():
                return payload_of(frame)
            case _:
                told = [self._increment(each) for each in frame]
                return {"incremental": told, "hasNext": True} if told else None

    def last(self) -> Payload | None:
        """Nothing comes any more."""
        return {"hasNext": False} if self._has_parts else None

    def _increment(self, increment: Increment) -> Payload:
        told: Payload = {"data": increment.data, "path": list(increment.path)}
        if increment.part.label is not None:
            told["label"] = increment.part.label
        if increment.errors:
            told["errors"] = increment.errors
        return told


class IncrementalWriter:
    """Each part is pending from when its object is known (incrementalSpec=v0.2)."""

    def __init__(self) -> None:
        self._delivered: dict[str, Any] = {}
        self._parts: tuple[Part, ...] = ()
        self._pending: dict[tuple[int, _Path], str] = {}

    def payload(self, frame: Frame) -> Payload | None:
        """`pending` tells what will come, `incremental` what came, `completed` what is whole."""
        match frame:
            case FirstPart(result, parts):
                self._parts = parts
                self._delivered = copied(result.data)
                pending = self._newly_pending(0)
                return {**payload_of(result), "pending": pending, "hasNext": True}
            case ExecutionResult():
                return payload_of(frame)
            case _:
                return self._increments(frame) if frame else None

    def last(self) -> Payload | None:
        """Nothing comes any more."""
        return {"hasNext": False} if self._parts else None

    def _increments(self, increments: list[Increment]) -> Payload:
        pending: list[Payload] = []
        incremental: list[Payload] = []
        completed: list[Payload] = []
        for part, same in groupby(increments, lambda each: each.part):
            for each in same:
                if (part.id, each.path) not in self._pending:
                    pending.append(self._announced(part, each.path))
                self._tell(each, incremental, completed)
            pending += self._newly_pending(part.id)
        answer = {"pending": pending, "incremental": incremental, "completed": completed}
        return {name: told for name, told in answer.items() if told} | {"hasNext": True}

    def _tell(
        self, increment: Increment, incremental: list[Payload], completed: list[Payload]
    ) -> None:
        id = self._pending[increment.part.id, increment.path]
        if increment.data is None:
            completed.append({"id": id, "errors": increment.errors})
            return
        told: Payload = {"id": id, "data": increment.data}
        if increment.errors:
            told["errors"] = increment.errors
        incremental.append(told)
        completed.append({"id": id})
        merge(_at(self._delivered, increment.path), copied(increment.data), {})

    def _newly_pending(self, parent: int) -> list[Payload]:
        return [
            self._announced(part, path)
            for part in self._parts
            if part.parent == parent
            for path in _objects(self._delivered, part.path, ())
            if (part.id, path) not in self._pending
        ]

    def _announced(self, part: Part, path: _Path) -> Payload:
        id = self._pending[part.id, path] = str(len(self._pending))
        told: Payload = {"id": id, "path": list(path)}
        if part.label is not None:
            told["label"] = part.label
        return told


def _objects(value: Any, keys: tuple[str, ...], path: _Path) -> Iterator[_Path]:
    """The paths of the objects under these response keys, through every list."""
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from _objects(each, keys, (*path, at))
    elif isinstance(value, dict) and keys:
        yield from _objects(value.get(keys[0]), keys[1:], (*path, keys[0]))
    elif isinstance(value, dict):
        yield path


def _at(tree: Any, path: _Path) -> Any:
    for segment in path:
        tree = tree[segment]
    return tree
