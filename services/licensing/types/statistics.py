"""How keys are used."""

from typing import Self

import strawberry

from kit.contract import Capability
from kit.subgraph.rules import any_of
from services.licensing.repository.statistics import Utilisation


@strawberry.federation.type(directives=[any_of(Capability.AGGREGATE_READ)])
class LicenseStat:
    """A group of keys, counted: all, assigned, active in the last 30 days, never registered.

    `key` has one word for each dimension, empty for keys that have none.
    """

    key: list[str]
    purchased: int
    assigned: int
    active: int
    unregistered: int

    @classmethod
    def of(cls, counted: Utilisation) -> Self:
        """From what was counted."""
        return cls(
            key=list(counted.key),
            purchased=counted.purchased,
            assigned=counted.assigned,
            active=counted.active,
            unregistered=counted.unregistered,
        )
