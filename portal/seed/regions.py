"""Where the made-up customers are: language, currency, taxes and time zone go together."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Region:
    """`locale` is Faker's; `tax_rate` is percent; `tax_category` is of UNTDID 5305."""

    locale: str
    language: str
    country: str
    currency: str
    time_zone: str
    tax_name: str
    tax_rate: Decimal
    tax_category: str = "S"
    vat_prefix: str | None = None


REGIONS: Final = (
    Region("en_US", "en", "US", "USD", "America/Los_Angeles", "Sales tax", Decimal("0"), "O"),
    Region("fr_FR", "fr", "FR", "EUR", "Europe/Paris", "TVA", Decimal("20"), vat_prefix="FR"),
    Region("en_GB", "en", "GB", "GBP", "Europe/London", "VAT", Decimal("20"), vat_prefix="GB"),
    Region("de_DE", "en", "DE", "EUR", "Europe/Berlin", "MwSt", Decimal("19"), vat_prefix="DE"),
    Region("ja_JP", "en", "JP", "JPY", "Asia/Tokyo", "消費税", Decimal("10")),
    Region("fr_CA", "fr", "CA", "CAD", "America/Toronto", "TPS/TVQ", Decimal("14.975")),
    Region("ar_AA", "en", "KW", "KWD", "Asia/Kuwait", "Tax", Decimal("0"), "O"),
)
