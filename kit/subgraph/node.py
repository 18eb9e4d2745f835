"""What has a global id, and how such things are found by it."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from kit.ids import from_global
from kit.subgraph.entities import Key

R = TypeVar("R")
T = TypeVar("T")


@strawberry.interface
class Node:
    """Anything with a global id."""

    id: strawberry.ID


def ids_of(prefix: str, keys: Sequence[Key]) -> list[UUID | None]:
    """The ids in representations; None where it is no id of this type."""
    texts = (key.get("id") for key in keys)
    return [from_global(prefix, text) if isinstance(text, str) else None for text in texts]


async def entities(
    ids: Sequence[UUID | None], loader: DataLoader[UUID, R | None], convert: Callable[[R], T]
) -> list[T | None]:
    """The things with these ids, None for those that the caller cannot see."""
    rows = iter(await loader.load_many([id for id in ids if id is not None]))
    found = [next(rows) if id is not None else None for id in ids]
    return [convert(row) if row is not None else None for row in found]
