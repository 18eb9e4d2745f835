"""Members of accounts, and those who were asked to become one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.connection import Connection
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import AUTHENTICATED, any_of
from services.identity import models
from services.identity.context import Info
from services.identity.models import InvitationState, MembershipState, Role
from services.identity.types.user import User

if TYPE_CHECKING:
    from services.identity.types.account import Account

PREFIX = "mem"
INVITATION_PREFIX = "invt"


@strawberry.federation.type(keys=["id"], directives=[AUTHENTICATED])
class Membership(Node):
    """One person, one account, one role; the same person may hold another role elsewhere."""

    role: Role
    case_administrator: bool
    state: MembershipState
    created_at: datetime
    version: int
    row: strawberry.Private[models.Membership]

    @strawberry.field
    async def user(self, info: Info) -> User:
        """The person."""
        row = await info.context.loaders.user.load(self.row.user_id)
        if row is None:
            raise LookupError("A membership was visible, but not its person.")
        return User.of(row)

    @strawberry.field
    async def account(
        self, info: Info
    ) -> Annotated["Account", strawberry.lazy("services.identity.types.account")]:
        """The account."""
        from services.identity.types.account import Account  # which imports this module

        row = await info.context.loaders.account.load(self.row.account_id)
        if row is None:
            raise LookupError("A membership was visible, but not its account.")
        return Account.of(row)

    @classmethod
    def of(cls, row: models.Membership) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            role=row.role,
            case_administrator=row.case_administrator,
            state=row.state,
            created_at=row.created_at,
            version=row.version,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.membership, cls.of)


@strawberry.type
class MembershipConnection(Connection[Membership]):
    """A page of members."""


@strawberry.federation.type(directives=[any_of(Capability.MEMBER_READ)])
class Invitation(Node):
    """Asks the holder of an e-mail address to join an account."""

    email: str
    first_name: str
    last_name: str
    role: Role
    case_administrator: bool
    sent_at: datetime
    expires_at: datetime
    row: strawberry.Private[models.Invitation]

    @strawberry.field
    def state(self) -> InvitationState:
        """What has become of it by now."""
        return self.row.state_at(datetime.now(UTC))

    @strawberry.field
    async def invited_by(self, info: Info) -> User | None:
        """Who asked, unless it was a machine or staff."""
        if self.row.invited_by_id is None:
            return None
        row = await info.context.loaders.user.load(self.row.invited_by_id)
        return User.of(row) if row is not None else None

    @classmethod
    def of(cls, row: models.Invitation) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(INVITATION_PREFIX, row.id)),
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            role=row.role,
            case_administrator=row.case_administrator,
            sent_at=row.sent_at or row.created_at,
            expires_at=row.expires_at,
            row=row,
        )


@strawberry.type
class InvitationConnection(Connection[Invitation]):
    """A page of invitations."""


@strawberry.type
class InviteUserPayload:
    """The invitation as it is now, or why nothing was done."""

    invitation: Invitation | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class MembershipPayload:
    """The member as they are now, or why nothing was done."""

    membership: Membership | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class RemoveMembersPayload:
    """All who were removed, or why none was."""

    removed_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    errors: list[UserError] = strawberry.field(default_factory=list)
