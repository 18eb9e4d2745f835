"""When support is due to answer."""

from datetime import UTC, datetime
from typing import Self

import strawberry

from services.cases import models


@strawberry.type
class CaseSla:
    """The clocks of a case in which work is left. While it waits for the customer they stand
    still, and nothing is due."""

    first_response_due_at: datetime | None
    next_update_due_at: datetime | None
    breached: bool
    paused: bool

    @classmethod
    def of(cls, row: models.Case) -> Self:
        """As of now."""
        paused = row.paused_at is not None
        first = row.first_response_due_at if row.first_responded_at is None else None
        return cls(
            first_response_due_at=None if paused else first,
            next_update_due_at=None if paused else row.next_update_due_at,
            breached=row.due_at is not None and row.due_at <= datetime.now(UTC),
            paused=paused,
        )
