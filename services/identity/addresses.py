"""Postal addresses as they are typed: lengths, countries, VAT numbers."""

import re
from dataclasses import dataclass, replace
from typing import Final

from services.identity.countries import COUNTRIES
from services.identity.errors import InvalidCountry, InvalidVatNumber
from services.identity.models import Address
from services.identity.people import one_line

_LONGEST: Final = 200
_LONGEST_CODE: Final = 20

#: What follows the prefix, by country (Council Directive 2006/112/EC, article 215, and the
#: lists of those who publish theirs). Greece writes EL, the north of Ireland XI.
_VAT: Final = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CH": r"E\d{9}(MWST|TVA|IVA)?",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"(\d{9}|\d{12}|(GD|HA)\d{3})",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])",
    "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{10}01",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|(GD|HA)\d{3})",
}
_ELSEWHERE: Final = re.compile(r"(?=.*\d)[A-Z0-9]{4,20}")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of the address in this field of the input."""

    field: str

    def required(self, typed: str, *, most: int = _LONGEST) -> str:
        return one_line(typed, self.field, most=most)

    def optional(self, typed: str | None, *, most: int = _LONGEST) -> str | None:
        return self.required(typed, most=most) if typed and typed.strip() else None


def checked(typed: Address, field: str) -> Address:
    """The address in good form. Raises `InvalidText`, `InvalidCountry`, `InvalidVatNumber`."""
    read = _Reader(field)
    country = typed.country.strip().upper()
    if country not in COUNTRIES:
        raise InvalidCountry(path=(field, "country"))
    vat_number = read.optional(typed.vat_number, most=2 * _LONGEST_CODE)
    return replace(
        typed,
        line1=read.required(typed.line1),
        line2=read.optional(typed.line2),
        city=read.required(typed.city),
        region=read.optional(typed.region),
        postal_code=read.optional(typed.postal_code, most=_LONGEST_CODE),
        country=country,
        company=read.optional(typed.company),
        vat_number=_vat_number(vat_number, field) if vat_number is not None else None,
    )


def _vat_number(typed: str, field: str) -> str:
    number = re.sub(r"[\s.\-]", "", typed).upper()
    shape = _VAT.get(number[:2])
    known = re.fullmatch(shape, number[2:]) if shape is not None else _ELSEWHERE.fullmatch(number)
    if known is None:
        raise InvalidVatNumber(path=(field, "vatNumber"))
    return number
