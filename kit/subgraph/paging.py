"""Which page of a list a client asks for."""

from typing import Any, Final

import strawberry

from kit.pagination import PageRequest

_USUAL: Final = 20


def page_request(
    info: strawberry.Info[Any, None],
    list_name: str,
    first: int | None,
    after: str | None,
    *,
    usual: int = _USUAL,
) -> PageRequest:
    """The request; a cursor is good for this list and caller only. Raises `InvalidPageSize`."""
    name = f"{list_name}:{info.context.principal.id}"
    return PageRequest(name, usual if first is None else first, after)
