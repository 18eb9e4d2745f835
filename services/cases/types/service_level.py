"""When support is due to answer."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from services.cases import models
from services.cases.context import Info


@strawberry.type
class CaseSla:
    """The clocks of a case in which work is left. While it waits for the customer they stand
    still, and nothing is due."""

    first_response_due_at: datetime | None
    next_update_due_at: datetime | None
    paused: bool
    case_id: strawberry.Private[UUID]

    @strawberry.field
    async def breached(self, info: Info) -> bool:
        """Whether a word is overdue, by the database's clock: as lists and statistics count it."""
        return await info.context.loaders.is_late.load(self.case_id)

    @classmethod
    def of(cls, row: models.Case) -> Self:
        """As its row says."""
        paused = row.paused_at is not None
        first = row.first_response_due_at if row.first_responded_at is None else None
        return cls(
            first_response_due_at=None if paused else first,
            next_update_due_at=None if paused else row.next_update_due_at,
            paused=paused,
            case_id=row.id,
        )
