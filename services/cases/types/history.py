"""What happened to a case."""

from datetime import datetime
from typing import Self

import strawberry

from kit.ids import to_global
from kit.subgraph.connection import Connection
from services.cases import models
from services.cases.context import Info
from services.cases.models import CaseStatus, is_staff
from services.cases.types.rules import PARTIES
from services.cases.types.user import User


@strawberry.federation.type(directives=[PARTIES])
class CaseEvent:
    """One change: what was, what is."""

    id: strawberry.ID
    at: datetime
    kind: str
    row: strawberry.Private[models.CaseEvent]

    @strawberry.field
    def actor(self) -> User | None:
        """Who did it; None when nobody did."""
        return User.of(self.row.actor_id) if self.row.actor_id is not None else None

    @strawberry.field(name="from")
    def before(self, info: Info) -> str | None:
        """What was."""
        return _told(info, self.row.before)

    @strawberry.field(name="to")
    def after(self, info: Info) -> str | None:
        """What is since then."""
        return _told(info, self.row.after)

    @classmethod
    def of(cls, row: models.CaseEvent) -> Self:
        """From its row."""
        return cls(id=strawberry.ID(to_global("cev", row.id)), at=row.at, kind=row.kind, row=row)


@strawberry.type
class CaseEventConnection(Connection[CaseEvent]):
    """A page of a case's history, oldest first."""


def _told(info: Info, value: str | None) -> str | None:
    held = value == CaseStatus.ON_HOLD.name and not is_staff(info.context.principal)
    return CaseStatus.OPEN.name if held else value
