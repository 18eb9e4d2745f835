"""Document numbers: gapless per legal entity, kind of document and year, in the order of issue."""

from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.billing.models import LegalEntity, NumberSeries, Series

_MARKS: Final = {Series.INVOICE: "", Series.CREDIT_NOTE: "CN-"}


async def take_number(
    session: AsyncSession, seller: LegalEntity, document: Series, year: int
) -> str:
    """The next number. The series stays locked until the transaction ends: others wait for it,
    and a transaction that is rolled back gives its number back.
    """
    first = insert(NumberSeries).values(
        legal_entity_id=seller.id, document=document, year=year, last=1
    )
    next_one = first.on_conflict_do_update(
        index_elements=["legal_entity_id", "document", "year"],
        set_={"last": NumberSeries.last + 1},
    )
    serial = (await session.scalars(next_one.returning(NumberSeries.last))).one()
    return formatted(seller.code, document, year, serial)


def formatted(code: str, document: Series, year: int, serial: int) -> str:
    """`FR-2026-000123`, or `FR-CN-2026-000123` for a credit note."""
    return f"{code}-{_MARKS[document]}{year}-{serial:06}"
