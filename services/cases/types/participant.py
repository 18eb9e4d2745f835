"""People a case is shared with."""

from typing import Self

import strawberry

from services.cases import models
from services.cases.models import CaseAccess
from services.cases.types.user import User


@strawberry.type
class CaseParticipant:
    """A person and what the case is shared with them for."""

    access: CaseAccess
    row: strawberry.Private[models.CaseParticipant]

    @strawberry.field
    def user(self) -> User:
        """The person."""
        return User.of(self.row.user_id)

    @classmethod
    def of(cls, row: models.CaseParticipant) -> Self:
        """From its row."""
        return cls(access=row.access, row=row)
