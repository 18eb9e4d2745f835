"""How long work tells how far it is."""

from collections.abc import Callable

#: Called with what is being made, how much of it is done, and how much there will be.
Report = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """For callers who do not want to know."""
