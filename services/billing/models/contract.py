"""Maintenance and subscription contracts: what is up for renewal."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.registry import Base


class Contract(Base, kw_only=True):
    """A contract of an account, from `starts_on` to `ends_on` inclusive."""

    __tablename__ = "contracts"
    __table_args__ = (
        Index(None, "payer_account_id", "ends_on", "id"),
        Index(None, "account_id", "ends_on", "id"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[UUID]
    payer_account_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    auto_renew: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Who reads the payer's invoices; and who manages the account's keys, which name it."""
        return in_accounts(cls.payer_account_id, principal, Capability.INVOICE_READ) | in_accounts(
            cls.account_id, principal, Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP
        )
