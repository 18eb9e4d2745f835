"""Partners of record."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import any_of
from services.identity import models
from services.identity.context import Info

if TYPE_CHECKING:
    from services.identity.types.account import Account

PREFIX: Final = "prel"


@strawberry.federation.type(directives=[any_of(Capability.ACCOUNT_READ)])
class PartnerRelation:
    """What a partner's people may do in an account, from `since` to `until` inclusive, unless it
    was ended before."""

    id: strawberry.ID
    scope: list[Capability]
    since: date
    until: date | None
    ended_at: datetime | None
    version: int
    row: strawberry.Private[models.PartnerRelation]

    @strawberry.field
    async def partner(
        self, info: Info
    ) -> Annotated["Account", strawberry.lazy("services.identity.types.account")]:
        """The partner."""
        from services.identity.types.account import Account  # which imports this module

        row = await info.context.loaders.account.load(self.row.partner_id)
        if row is None:
            raise LookupError("A relation was visible, but not its partner.")
        return Account.of(row)

    @classmethod
    def of(cls, row: models.PartnerRelation) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            scope=sorted(row.scope),
            since=row.since,
            until=row.until,
            ended_at=row.ended_at,
            version=row.version,
            row=row,
        )


@strawberry.type
class PartnerRelationPayload:
    """The relation as it is now, or why nothing was done."""

    relation: PartnerRelation | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)
