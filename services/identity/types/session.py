"""Sessions."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from kit.ids import to_global
from services.identity import models


@strawberry.type
class Session:
    """One of the caller's own sign-ins that still goes on."""

    id: strawberry.ID
    created_at: datetime
    last_seen_at: datetime
    user_agent: str | None
    #: The client's address when it was last in use.
    address: str | None
    #: When it is over, unless it is used before.
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, row: models.Session, current_id: UUID | None) -> Self:
        """From its row; `current_id` is the session that asks."""
        return cls(
            id=strawberry.ID(to_global("ses", row.id)),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            user_agent=row.user_agent,
            address=row.address,
            expires_at=row.end,
            current=row.id == current_id,
        )
