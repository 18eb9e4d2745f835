"""Accounts, their addresses, and the partners that look after them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    TypeDecorator,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.contract import Capability, PrincipalKind
from kit.database import among, in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.identity.models.membership import own_accounts
from services.identity.models.registry import Base


class AccountStatus(StrEnum):
    """SUSPENDED may read and pay; CLOSED may nothing."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class AccountKind(StrEnum):
    """A partner's account reaches its customers' through `PartnerRelation`."""

    CUSTOMER = "CUSTOMER"
    PARTNER = "PARTNER"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. `country` is ISO 3166-1 alpha-2."""

    line1: str
    city: str
    country: str
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None
    company: str | None = None
    vat_number: str | None = None


class AddressColumn(TypeDecorator[Address]):
    """An address as one JSON object: it is read and written whole."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Address | None, dialect: Dialect) -> Any:
        """To JSON."""
        return asdict(value) if value is not None else None

    def process_result_value(
        self, value: Mapping[str, Any] | None, dialect: Dialect
    ) -> Address | None:
        """From JSON."""
        return Address(**value) if value is not None else None


class Account(Base, kw_only=True):
    """A customer or a partner. Its name shows to all its members, the rest by capability."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index(None, "name", "id"),
        Index(
            "ix_accounts_name_trigrams",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[AccountKind] = mapped_column(named(AccountKind), default=AccountKind.CUSTOMER)
    status: Mapped[AccountStatus] = mapped_column(
        named(AccountStatus), default=AccountStatus.ACTIVE
    )
    billing_address: Mapped[Address | None] = mapped_column(
        AddressColumn(none_as_null=True), default=None
    )
    shipping_address: Mapped[Address | None] = mapped_column(
        AddressColumn(none_as_null=True), default=None
    )
    billing_contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Members, partners in their relation's dates, staff; and by name, whoever is or was
        the other side of a partner relation: invoices and cases of that time name them."""
        if principal.kind is PrincipalKind.STAFF:
            return true()
        # The bare table: a relation ended in the past still shows who the partner was.
        relations = PartnerRelation.__table__
        readable = among(relations.c.account_id, principal.accounts_with(Capability.ACCOUNT_READ))
        own = own_accounts(principal.id)
        if principal.kind is PrincipalKind.PARTNER:  # not its customers' other partners
            readable &= relations.c.account_id.in_(own)
        return or_(
            cls.reached_by(principal),
            cls.id.in_(select(relations.c.partner_id).where(readable)),
            cls.id.in_(select(relations.c.account_id).where(relations.c.partner_id.in_(own))),
        )

    @classmethod
    def reached_by(cls, principal: Principal) -> ColumnElement[bool]:
        """The accounts in which the caller has rights of its own: those that lists show."""
        if principal.kind is PrincipalKind.STAFF:
            return true()
        reached: ColumnElement[bool] = among(cls.id, principal.accounts)
        return reached


class PartnerRelation(Base, kw_only=True):
    """What a partner's people may do in a customer's account, from `since` to `until` inclusive."""

    __tablename__ = "partner_relations"
    __table_args__ = (
        Index(None, "account_id", "partner_id"),
        Index(None, "partner_id"),
        CheckConstraint("account_id <> partner_id", name="other_account"),
        CheckConstraint("until IS NULL OR until >= since", name="dates_in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    scope: Mapped[list[Capability]] = mapped_column(ARRAY(named(Capability)))
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
    #: When it was ended at once, before its last day was over.
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the account, and the partner's people; not the customer's other partners."""
        readable = in_accounts(cls.account_id, principal, Capability.ACCOUNT_READ)
        if principal.kind is not PrincipalKind.PARTNER:
            return readable
        own = own_accounts(principal.id)
        return or_(cls.partner_id.in_(own), cls.account_id.in_(own) & readable)

    @property
    def begins(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.since)

    @property
    def ends(self) -> datetime | None:
        """The moment from which it no longer holds, in UTC."""
        after = _midnight(self.until + _DAY) if self.until is not None else None
        return min(filter(None, (after, self.ended_at)), default=None)

    def holds_at(self, now: datetime) -> bool:
        """Whether the partner may act now."""
        return self.begins <= now and (self.ends is None or now < self.ends)


_DAY: Final = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
