"""Groups of keys, and the members who manage them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.registry import Base


class KeyGroup(Base, kw_only=True):
    """Keys of one account that are managed together."""

    __tablename__ = "key_groups"
    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        Index(None, "account_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads all keys of the account; and its managers."""
        return or_(
            in_accounts(cls.account_id, principal, Capability.KEY_READ_ALL),
            in_accounts(cls.account_id, principal, Capability.KEY_READ_GROUP)
            & cls.id.in_(managed_groups(principal)),
        )


class KeyGroupManager(Base, kw_only=True):
    """A member manages a group; `user_id` is the member's, `membership_id` identity's."""

    __tablename__ = "key_group_managers"
    __table_args__ = (
        Index(None, "account_id", "membership_id"),
        Index(None, "user_id"),
        Index(None, "membership_id"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("key_groups.id"), primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    user_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who may know the account's members; and each manager their own."""
        return or_(
            in_accounts(cls.account_id, principal, Capability.MEMBER_READ),
            cls.user_id == principal.id,
        )


def managed_groups(principal: Principal) -> Select[Any]:
    """The ids of the groups that the caller manages: the bare table, for use in row rules."""
    managers = KeyGroupManager.__table__
    return select(managers.c.group_id).where(managers.c.user_id == principal.id)
