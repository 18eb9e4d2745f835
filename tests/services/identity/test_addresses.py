"""Addresses, names and e-mail addresses as they are typed."""

import pytest
from babel import Locale

from services.identity.addresses import checked
from services.identity.countries import COUNTRIES
from services.identity.errors import InvalidEmail, InvalidName, InvalidVatNumber
from services.identity.models import Address
from services.identity.people import email_address, person_name

#: Codes that the territories of CLDR have beside those of ISO 3166-1: unions, exceptional
#: reservations, user-assigned ones.
NO_COUNTRIES = {
    *("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
}


def an_address(**values: str) -> Address:
    return Address(**{"line1": "1 Main St", "city": "Springfield", "country": "US", **values})


def test_the_countries_are_those_of_iso_3166() -> None:
    territories = map(str, Locale("en").territories)
    two_letters = {code for code in territories if len(code) == 2 and code.isalpha()}

    assert two_letters - NO_COUNTRIES == COUNTRIES


@pytest.mark.parametrize(
    "number",
    [
        *("ATU12345678", "BE0123456789", "DE 123456789", "fr-12.345678901", "FRXX345678901"),
        *("GB123456789", "GBGD123", "IE1234567WA", "NL123456789B01", "ESX1234567Z"),
        *("CHE-123.456.789 MWST", "EL123456789", "12-3456789", "AU51824753556"),
    ],
)
def test_a_vat_number_has_the_shape_of_its_country(number: str) -> None:
    address = checked(an_address(vat_number=number), "billingAddress")

    assert address.vat_number is not None
    assert address.vat_number.isalnum()
    assert address.vat_number.isupper() or address.vat_number.isdigit()


@pytest.mark.parametrize(
    "number", ["FR1", "DE12345678", "ATX12345678", "IT123", "ABCDEF", "<script>", "1" * 21]
)
def test_what_has_no_countrys_shape_is_no_vat_number(number: str) -> None:
    with pytest.raises(InvalidVatNumber):
        checked(an_address(vat_number=number), "billingAddress")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada  ", "Ada"),
        ("Jean  Luc", "Jean Luc"),
        ("O’Brien-Smith, Jr.", "O’Brien-Smith, Jr."),
        ("Zoe\u0301", "Zoé"),
        ("李", "李"),
        ("محمد", "محمد"),
    ],
)
def test_people_are_called_in_every_script(typed: str, name: str) -> None:
    assert person_name(typed, "firstName") == name


@pytest.mark.parametrize(
    "typed", ["", " ", "x" * 101, "a@b", "<i>", "http://x", "WWW.x", "a\u202eb", "a\u200bb", "\0"]
)
def test_a_link_or_what_cannot_be_seen_is_no_name(typed: str) -> None:
    with pytest.raises(InvalidName):
        person_name(typed, "firstName")


@pytest.mark.parametrize("typed", ["ada@example.com", " zoé@exämple.com ", "a+b@sub.example.co.uk"])
def test_an_address_is_taken_as_it_is_typed(typed: str) -> None:
    assert email_address(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@", "@x.y", "a@b@c.d", "a b@c.d", "<a@b.c>", "a@b", "a@b..c", "a@b.c\n"],
)
def test_what_mail_cannot_be_sent_to_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidEmail):
        email_address(typed.replace("\n", "\u2028x"))
