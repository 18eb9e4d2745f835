"""How many streams one caller may have open at once."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import Gauge

from gateway.authentication.principals import Caller
from gateway.errors import LimitExceeded

_OPEN: Final = Gauge("subscriptions_open", "Subscriptions that clients have open.")


class Quota:
    """Counts streams by caller in this process; callers without credentials count by address."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[Hashable] = Counter()

    @contextmanager
    def taken(self, caller: Caller | None, address: str | None) -> Iterator[None]:
        """While one stream more is open. Raises `LimitExceeded`."""
        key: Hashable = caller.principal.id if caller is not None else address
        if self._open[key] >= self._most:
            raise LimitExceeded("open subscriptions", self._most)
        self._open[key] += 1
        _OPEN.inc()
        try:
            yield
        finally:
            _OPEN.dec()
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]
