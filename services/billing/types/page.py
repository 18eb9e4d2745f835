"""Which page of a list a client asks for."""

from typing import Final

from kit.pagination import PageRequest
from services.billing.context import Info

_USUAL: Final = 20


def page_request(
    info: Info, list_name: str, first: int | None, after: str | None, *, usual: int = _USUAL
) -> PageRequest:
    """The request, its cursors bound to this list and caller. Raises `InvalidPageSize`."""
    name = f"{list_name}:{info.context.principal.id}"
    return PageRequest(name, usual if first is None else first, after)
