"""Which page of a list a client asks for."""

from kit.pagination import PageRequest
from services.cases.context import Info

_PAGE = 20


def page_request(info: Info, list_name: str, first: int | None, after: str | None) -> PageRequest:
    """The request; a cursor is good for this caller and list only. Raises `InvalidPageSize`."""
    name = f"{list_name}:{info.context.principal.id}"
    return PageRequest(name, _PAGE if first is None else first, after)
