"""How content people were."""

from datetime import datetime
from typing import Self

import strawberry

from services.cases import models
from services.cases.types.rules import PARTIES
from services.cases.types.user import User


@strawberry.federation.type(directives=[PARTIES])
class CaseRating:
    """What a person thought of how their case went, from 1 to 5, when they said so last."""

    score: int
    remark: str | None
    rated_at: datetime
    row: strawberry.Private[models.CaseRating]

    @strawberry.field
    def rated_by(self) -> User:
        """The person."""
        return User.of(self.row.user_id)

    @classmethod
    def of(cls, row: models.CaseRating) -> Self:
        """From its row."""
        return cls(score=row.score, remark=row.remark, rated_at=row.updated_at, row=row)
