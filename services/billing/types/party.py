"""Who buys and who pays, as it stands on the invoice."""

from typing import Any, Self

import strawberry

from services.billing import models


@strawberry.type
class InvoiceParty:
    """Copied when the invoice was issued: later edits of the account change nothing here."""

    company: str
    lines: list[str]
    country: str
    vat_number: str | None

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """From the invoice's column."""
        party = models.Party.read(document)
        return cls(
            company=party.company,
            lines=list(party.lines),
            country=party.country,
            vat_number=party.vat_number,
        )
