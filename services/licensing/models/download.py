"""Software to download, and who may have what is not for everybody."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named, utc_now
from kit.contract import Capability
from kit.database import in_accounts
from kit.ids import new_id
from kit.principal import Principal
from services.licensing.models.key import KeyProduct
from services.licensing.models.registry import Base

_SHA256: Final = CHAR(64)


class Download(Base, kw_only=True):
    """One file of a release. Special ones show to the accounts that they are meant for."""

    __tablename__ = "downloads"
    __table_args__ = (
        Index(None, "product", "released_on", "id"),
        CheckConstraint("size_bytes >= 0", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    product: Mapped[KeyProduct] = mapped_column(named(KeyProduct))
    version: Mapped[str]
    platform: Mapped[str]
    special: Mapped[bool] = mapped_column(default=False)
    released_on: Mapped[date]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    #: In hexadecimal.
    sha256: Mapped[str] = mapped_column(_SHA256)
    object_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever downloads anything; special ones by entitlement."""
        if not principal.holds_any(Capability.DOWNLOAD):
            return false()
        return or_(
            ~cls.special, cls.id.in_(select(DownloadEntitlement.download_id).correlate(None))
        )


class DownloadEntitlement(Base, kw_only=True):
    """An account may have a special download, up to and including `until`."""

    __tablename__ = "download_entitlements"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    download_id: Mapped[UUID] = mapped_column(ForeignKey("downloads.id"), primary_key=True)
    until: Mapped[date | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utc_now)

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever downloads in the account, until it ends."""
        today = cast(func.timezone("UTC", func.now()), Date)
        return in_accounts(cls.account_id, principal, Capability.DOWNLOAD) & or_(
            cls.until.is_(None), cls.until >= today
        )
