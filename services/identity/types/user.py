"""People."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import strawberry

from kit.contract import Capability, PrincipalKind
from kit.ids import to_global
from kit.subgraph.entities import Key
from kit.subgraph.node import Node, entities, ids_of
from kit.subgraph.refusal import UserError
from kit.subgraph.rules import AUTHENTICATED
from services.identity import models
from services.identity.context import Context, Info
from services.identity.models import NotificationKind
from services.identity.notices.recipients import ALWAYS_SENT

PREFIX = "user"


@strawberry.federation.type(keys=["id"], directives=[AUTHENTICATED])
class User(Node):
    """A person. The name shows to all who share an account with them; the rest to fewer."""

    name: str
    first_name: str
    last_name: str
    row: strawberry.Private[models.User]

    @strawberry.field
    async def email(self, info: Info) -> str | None:
        """Visible to the person, to staff, and to those who see them among the members."""
        return self.row.email if await self._is_known(info.context) else None

    @strawberry.field
    def locale(self, info: Info) -> str | None:
        """Visible to the person and to staff."""
        return self.row.locale if self._is_near(info.context) else None

    @strawberry.field
    async def mfa_enabled(self, info: Info) -> bool | None:
        """Visible to the person, to staff, and to those who manage them as a member."""
        return self.row.mfa_enabled if await self._is_managed(info.context) else None

    @strawberry.field
    async def last_sign_in_at(self, info: Info) -> datetime | None:
        """Visible to the person, to staff, and to those who see them among the members."""
        return self.row.last_sign_in_at if await self._is_known(info.context) else None

    def _is_near(self, context: Context) -> bool:
        principal = context.principal
        return principal.id == self.row.id or principal.kind is PrincipalKind.STAFF

    async def _is_known(self, context: Context) -> bool:
        return self._is_near(context) or bool(
            await context.loaders.shared_accounts_with.load(self.row.id)
        )

    async def _is_managed(self, context: Context) -> bool:
        if self._is_near(context):
            return True
        shared = await context.loaders.shared_accounts_with.load(self.row.id)
        return any(context.principal.holds(Capability.MEMBER_MANAGE, id) for id in shared)

    @classmethod
    def of(cls, row: models.User) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(to_global(PREFIX, row.id)),
            name=row.name,
            first_name=row.first_name,
            last_name=row.last_name,
            row=row,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: list[Key]) -> list[Self | None]:
        """By id."""
        return await entities(ids_of(PREFIX, keys), info.context.loaders.user, cls.of)


@strawberry.type
class UserPayload:
    """The person as they are now, or why nothing was done."""

    user: User | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.federation.type(directives=[AUTHENTICATED])
class NotificationPreference:
    """Whether the caller gets mails of a kind. Those that are `always` sent cannot be refused."""

    kind: NotificationKind
    mail: bool
    always: bool

    @classmethod
    def all_of(cls, choices: Mapping[NotificationKind, bool]) -> list[Self]:
        """One for each kind; mail is sent where nothing was chosen."""
        return [
            cls(
                kind=kind,
                mail=kind in ALWAYS_SENT or choices.get(kind, True),
                always=kind in ALWAYS_SENT,
            )
            for kind in NotificationKind
        ]


@strawberry.type
class NotificationPreferencesPayload:
    """All of the caller's choices, or why nothing was done."""

    preferences: list[NotificationPreference] = strawberry.field(default_factory=list)
    errors: list[UserError] = strawberry.field(default_factory=list)
