"""Money: integer minor units inside, an exact decimal string and its ISO 4217 currency outside."""

from decimal import Decimal
from typing import Final, Self

import strawberry

#: Currencies whose minor unit is not a hundredth, by number of decimals.
_ZERO: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_DECIMALS: Final = {
    **dict.fromkeys(_ZERO.split(), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def decimals_of(currency: str) -> int:
    """How many decimals the currency has."""
    return _DECIMALS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int | None:
    """The amount in minor units; None when it has more decimals than the currency."""
    minor = amount.scaleb(decimals_of(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal with all the currency's decimals."""
    return Decimal(minor).scaleb(-decimals_of(currency))


@strawberry.federation.type(shareable=True)
class Money:
    """An exact amount and the currency that it is in."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, minor: int, currency: str) -> Self:
        """From minor units."""
        return cls(amount=to_decimal(minor, currency), currency=currency)
