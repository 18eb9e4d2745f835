"""Who has a key."""

from datetime import datetime
from typing import Self

import strawberry

from services.licensing import models
from services.licensing.types.reference import User


@strawberry.type
class KeyAssignment:
    """Whom a key is assigned to; `user` is known once they have access to the portal."""

    name: str
    email: str
    user: User | None
    assigned_at: datetime

    @classmethod
    def of(cls, row: models.ProductKey) -> Self | None:
        """The assignment in force."""
        if row.assigned_at is None or row.assigned_name is None or row.assigned_email is None:
            return None
        return cls(
            name=row.assigned_name,
            email=row.assigned_email,
            user=User.of(row.assignee_id),
            assigned_at=row.assigned_at,
        )
