"""Giving an administrator back to an account, as the staff who do it see it."""

from datetime import UTC, datetime
from typing import Final, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import INTERNAL, any_of
from services.identity import models
from services.identity.context import Info
from services.identity.models import RestorationState
from services.identity.types.user import User

PREFIX: Final = "rst"
RESTORERS: Final = any_of(Capability.STAFF_ACCOUNT)


@strawberry.federation.type(directives=[RESTORERS, INTERNAL])
class AdministratorRestoration:
    """A request to make somebody an account's administrator, for others to approve."""

    id: strawberry.ID
    first_name: str
    last_name: str
    email: str
    reason: str
    created_at: datetime
    expires_at: datetime
    row: strawberry.Private[models.AdministratorRestoration]

    @strawberry.field
    def state(self) -> RestorationState:
        """What has become of it by now."""
        return self.row.state_at(datetime.now(UTC))

    @strawberry.field
    async def requested_by(self, info: Info) -> User | None:
        """Who asked for it."""
        row = await info.context.loaders.user.load(self.row.requested_by_id)
        return User.of(row) if row is not None else None

    @strawberry.field
    async def approvals(self, info: Info) -> int:
        """How many others have approved it."""
        return await info.context.loaders.approval_count_of.load(self.row.id)

    @classmethod
    def of(cls, row: models.AdministratorRestoration) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            reason=row.reason,
            created_at=row.created_at,
            expires_at=row.expires_at,
            row=row,
        )


@strawberry.federation.type(directives=[INTERNAL])
class AdministratorRestorationPayload:
    """The request as it is now, or why nothing was done."""

    restoration: AdministratorRestoration | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)
