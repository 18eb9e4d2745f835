"""People and their memberships, as identity has last told of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import SystemOnly
from kit.principal import Principal
from services.cases.models.registry import Base


class Person(SystemOnly, Base, kw_only=True):
    """Somebody who may be written to, and may answer, while they have rights."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Identity's count of what it has told of the person: what is older is no news.
    revision: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    locale: Mapped[str | None] = mapped_column(default=None)
    #: `Principal.encode` of their rights; None for people who can do nothing at all.
    principal: Mapped[str | None] = mapped_column(default=None, repr=False)

    def rights_at(self, now: datetime) -> Principal | None:
        """What the person may do; None when that is nothing, or when the rights that are known
        have come to their end and identity has not told of the new ones yet."""
        if self.principal is None:
            return None
        rights = Principal.decode(self.principal)
        has_ended = rights.valid_until is not None and rights.valid_until <= now
        return None if has_ended else rights


class PersonMembership(SystemOnly, Base, kw_only=True):
    """A person is an active member of an account."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "user_id"),)

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
