"""What customers write on their keys."""

from typing import Self

import strawberry

from kit.contract import Capability
from kit.subgraph.rules import any_of
from services.licensing import models

_REFERENCE_READERS = any_of(Capability.KEY_REFERENCE_READ)


@strawberry.federation.type
class KeyReference:
    """The customer's own tracking data; empty for whoever may not read it in the account."""

    label: str | None = strawberry.federation.field(directives=[_REFERENCE_READERS], default=None)
    cost_centre: str | None = strawberry.federation.field(
        directives=[_REFERENCE_READERS], default=None
    )
    note: str | None = strawberry.federation.field(directives=[_REFERENCE_READERS], default=None)

    @classmethod
    def of(cls, row: models.ProductKey) -> Self:
        """From the key's row."""
        return cls(
            label=row.reference_label,
            cost_centre=row.reference_cost_centre,
            note=row.reference_note,
        )
