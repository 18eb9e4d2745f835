"""Lists of many parents, read together where they are asked alike."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from kit.errors import BadInput
from kit.pagination import PageRequest

A = TypeVar("A", bound=Hashable)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Of(Generic[A]):
    """One parent's list, and what is asked of it: lists that are asked alike are read at once."""

    parent_id: UUID
    asked: A


@dataclass(frozen=True, slots=True)
class Paged(Generic[A]):
    """A page of a list."""

    query: A
    request: PageRequest


def by_question(
    load: Callable[[Sequence[UUID], A], Awaitable[Mapping[UUID, R]]], missing: R
) -> DataLoader[Of[A], R]:
    """Loads lists of parents: one call for each different question, which fails by itself."""

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
