"""Providers that people sign in with."""

from datetime import datetime
from typing import Self

import strawberry

from kit.subgraph.refusal import UserError
from kit.subgraph.rules import AUTHENTICATED
from services.identity import models


@strawberry.federation.type(directives=[AUTHENTICATED])
class ProviderLink:
    """The caller signs in as a subject of this issuer."""

    issuer: str
    created_at: datetime
    last_used_at: datetime

    @classmethod
    def of(cls, row: models.ProviderLink) -> Self:
        """From its row."""
        return cls(issuer=row.issuer, created_at=row.created_at, last_used_at=row.last_used_at)


@strawberry.type
class UnlinkProviderPayload:
    """Whether the link is gone."""

    unlinked: bool = False
    errors: list[UserError] = strawberry.field(default_factory=list)
