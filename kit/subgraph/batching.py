"""Lists of many parents, read at once when they are asked alike."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from kit.errors import BadInput
from kit.pagination import PageRequest

A = TypeVar("A", bound=Hashable)
R = TypeVar("R")

#: Answers one question about many parents; those that it leaves out have nothing.
Load = Callable[[Sequence[UUID], A], Awaitable[Mapping[UUID, R]]]


@dataclass(frozen=True, slots=True)
class Of(Generic[A]):
    """One parent, and what is asked about it."""

    parent_id: UUID
    asked: A


@dataclass(frozen=True, slots=True)
class Paged(Generic[A]):
    """A page of a list."""

    query: A
    request: PageRequest


def by_question(load: Load[A, R], missing: R) -> DataLoader[Of[A], R]:
    """One call for each different question, which fails by itself."""

    async def answer(ids: Sequence[UUID], asked: A) -> Mapping[UUID, R | BadInput]:
        try:
            return dict(await load(ids, asked))
        except BadInput as error:
            return dict.fromkeys(ids, error)

    async def batch(keys: list[Of[A]]) -> list[R | BaseException]:
        ids: dict[A, list[UUID]] = {}
        for key in keys:
            ids.setdefault(key.asked, []).append(key.parent_id)
        answers = {asked: await answer(parents, asked) for asked, parents in ids.items()}
        return [answers[key.asked].get(key.parent_id, missing) for key in keys]

    return DataLoader(batch)


def by_parent(
    load: Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, R]]], missing: R
) -> DataLoader[UUID, R]:
    """One call for all parents."""

    async def batch(ids: list[UUID]) -> list[R]:
        found = await load(ids)
        return [found.get(id, missing) for id in ids]

    return DataLoader(batch)
