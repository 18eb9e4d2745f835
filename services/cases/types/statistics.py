"""How many cases there are of each kind."""

from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability
from kit.subgraph.rules import any_of
from services.cases.repository.statistics import Stat

COUNTERS = any_of(Capability.AGGREGATE_READ, Capability.STAFF_CASE)


@strawberry.federation.type(directives=[COUNTERS])
class CaseStat:
    """One group. `key` has a word for each dimension asked for, in that order: a name, a global
    id, an age in days (`0-1` … `31+`), or `NONE`."""

    key: list[str]
    count: int
    sla_breached: int
    oldest_at: datetime | None

    @classmethod
    def of(cls, stat: Stat) -> Self:
        """From what was counted."""
        return cls(
            key=list(stat.key),
            count=stat.count,
            sla_breached=stat.breached,
            oldest_at=stat.oldest_at,
        )
