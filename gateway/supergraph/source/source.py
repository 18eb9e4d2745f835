"""What every source of a supergraph promises."""

import random
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.errors import GatewayError

#: Seconds. However long a source has failed, it is asked again within this time.
_LONGEST: Final = 60.0


class SupergraphUnavailable(GatewayError):
    """The source cannot be reached, or does not answer: nobody knows what it holds."""

    code = "SUPERGRAPH_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Pace:
    """When to look again.

    `interval` is in seconds. A pace that `backs_off` doubles with each failure, and varies, so
    that many gateways do not ask at once what has just come back.
    """

    interval: float
    backs_off: bool

    def after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        if not failures or not self.backs_off:
            return self.interval
        longest = max(self.interval, _LONGEST)
        # The exponent is bounded: 2**1024 is no float.
        return min(self.interval * 2.0 ** min(failures, 32), longest) * random.uniform(0.5, 1)


class Source(Protocol):
    """A supergraph that may change."""

    @property
    def name(self) -> str:
        """What people call it; it holds no secret."""

    @property
    def pace(self) -> Pace:
        """When to look for a change."""

    async def read(self) -> str | None:
        """The supergraph's SDL, or None when it is what the last call saw.

        Raises `SupergraphUnavailable`; and `InvalidSupergraph`, once for each content.
        """
