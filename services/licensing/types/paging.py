"""Page requests that are bound to their list and caller."""

from kit.pagination import PageRequest
from services.licensing.context import Info


def page_request(info: Info, name: str, first: int | None, after: str | None) -> PageRequest:
    """The page of the list that `name` tells from all others of this caller."""
    list_name = f"{name}:{info.context.principal.id}"
    return PageRequest(list_name, 20 if first is None else first, after)
