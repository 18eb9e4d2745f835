"""How late what is owed is."""

from decimal import Decimal
from typing import Self

import strawberry

from kit.contract import Capability
from kit.subgraph.money import to_decimal
from kit.subgraph.rules import any_of
from services.billing.repository import balances
from services.billing.types.account import Account

READERS = any_of(Capability.INVOICE_READ, Capability.AGGREGATE_READ)


@strawberry.federation.type(directives=[READERS])
class AgeingRow:
    """Debts in one currency by days overdue; without an account, those of all together."""

    account: Account | None
    currency: str
    not_due: Decimal
    d1to30: Decimal
    d31to60: Decimal
    d61to90: Decimal
    over90: Decimal

    @classmethod
    def of(cls, ageing: balances.Ageing) -> Self:
        """From sums in minor units."""
        currency = ageing.currency
        return cls(
            account=Account.with_id(ageing.payer_id) if ageing.payer_id is not None else None,
            currency=currency,
            not_due=to_decimal(ageing.not_due, currency),
            d1to30=to_decimal(ageing.d1to30, currency),
            d31to60=to_decimal(ageing.d31to60, currency),
            d61to90=to_decimal(ageing.d61to90, currency),
            over90=to_decimal(ageing.over90, currency),
        )
