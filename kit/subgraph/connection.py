"""Connections: pages as clients see them (GraphQL Cursor Connections Specification)."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Self, TypeVar

import strawberry

from kit.pagination import Page

T = TypeVar("T")

#: Counts a list, when the client asks for the total.
Count = Callable[[], Awaitable[int]]


@strawberry.federation.type(shareable=True)
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None

    @classmethod
    def of(cls, page: Page[Any]) -> Self:
        """Of a page of rows."""
        return cls(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )


@strawberry.type
class Edge(Generic[T]):
    """One node with the cursor of its place."""

    cursor: str
    node: T


@strawberry.type
class Connection(Generic[T]):
    """One page of a list."""

    nodes: list[T]
    page_info: PageInfo
    cursors: strawberry.Private[tuple[str, ...]]
    count: strawberry.Private[Count]

    @strawberry.field
    def edges(self) -> list[Edge[T]]:
        """The nodes with their cursors."""
        return [
            Edge(cursor=cursor, node=node)
            for cursor, node in zip(self.cursors, self.nodes, strict=True)
        ]

    @strawberry.field
    async def total_count(self) -> int | None:
        """Counted only when it is selected."""
        return await self.count()

    @classmethod
    def of(cls, page: Page[Any], convert: Callable[[Any], T], count: Count) -> Self:
        """From a page of rows, each converted to its GraphQL type."""
        return cls(
            nodes=[convert(row) for row in page.nodes],
            page_info=PageInfo.of(page),
            cursors=page.cursors,
            count=count,
        )
