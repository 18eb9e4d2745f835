"""What happened in an account."""

from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Info
from services.identity.types.user import User


@strawberry.federation.type(directives=[any_of(Capability.AUDIT_READ)])
class AuditEvent:
    """One act. `action` is noun and verb: `membership.removed`."""

    id: strawberry.ID
    at: datetime
    action: str
    target: strawberry.ID | None
    detail: str | None
    row: strawberry.Private[models.AuditEvent]

    @strawberry.field
    async def actor(self, info: Info) -> User | None:
        """Who did it; None for machines, and where nobody asked for it."""
        if self.row.actor_id is None:
            return None
        row = await info.context.loaders.user.load(self.row.actor_id)
        return User.of(row) if row is not None else None

    @classmethod
    def of(cls, row: models.AuditEvent) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global("aud", row.id)),
            at=row.at,
            action=row.action,
            target=strawberry.ID(row.target) if row.target is not None else None,
            detail=row.detail,
            row=row,
        )


@strawberry.type
class AuditEventConnection(Connection[AuditEvent]):
    """A page of the audit log."""
