"""Document numbers, gapless per seller, kind of document and year."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from services.billing.models import Series
from services.billing.numbers import formatted


def seller_id(code: str) -> UUID:
    """The id of the legal entity with this code."""
    return seeded_id("seller", ord(code[0]))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers given out so far."""

    last: dict[tuple[str, Series, int], int] = field(default_factory=dict)

    def take(self, seller: str, document: Series, year: int) -> str:
        """The next one."""
        series = (seller, document, year)
        self.last[series] = self.last.get(series, 0) + 1
        return formatted(seller, document, year, self.last[series])

    def rows(self) -> Iterator[Row]:
        """What the service goes on from."""
        for (seller, document, year), last in self.last.items():
            yield {
                "legal_entity_id": seller_id(seller),
                "document": document,
                "year": year,
                "last": last,
            }
