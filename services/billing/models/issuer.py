"""Who issues invoices, and the gapless numbers that the law asks of them."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import named
from kit.database import SystemOnly
from kit.ids import new_id
from kit.principal import Principal
from services.billing.models.registry import Base


class Series(StrEnum):
    """What is numbered."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


class LegalEntity(Base, kw_only=True):
    """A company of the vendor's that sells: its details stand on every invoice."""

    __tablename__ = "legal_entities"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    #: The start of its document numbers, such as `FR`.
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    lines: Mapped[list[str]] = mapped_column(JSONB)
    country: Mapped[str]
    vat_number: Mapped[str | None] = mapped_column(default=None)
    #: Documents bear the day on which they are issued there.
    time_zone: Mapped[str] = mapped_column(default="UTC")

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Everybody: it stands on every invoice."""
        return true()


class NumberSeries(SystemOnly, Base, kw_only=True):
    """The last number given out, per legal entity, kind of document and year.

    A number is taken under this row's lock in the transaction that issues the document: a
    rolled-back issue gives its number back, so there are no gaps.
    """

    __tablename__ = "number_series"

    legal_entity_id: Mapped[UUID] = mapped_column(ForeignKey("legal_entities.id"), primary_key=True)
    document: Mapped[Series] = mapped_column(named(Series), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
