"""What accounts have beside invoices: contracts, ways of paying; and who sells to them."""

from collections.abc import Iterator
from datetime import date, timedelta

from portal.seed.billing.calendar import SELLERS
from portal.seed.billing.numbers import seller_id
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.scale import CONTRACTS_PER_ACCOUNT
from portal.seed.world import Customer, World

_YEAR = timedelta(days=365)

_SELLER_NAMES = {
    "FR": ("Vendor Europe SAS", ["12 rue de la Paix", "75002 Paris"], "FR", "FR40303265045"),
    "US": ("Vendor Inc.", ["500 Market Street", "San Francisco, CA 94105"], "US", None),
    "JP": ("Vendor Japan K.K.", ["1-1 Marunouchi", "Tokyo 100-0005"], "JP", "T1234567890123"),
}

_SELLER_ZONES = {"FR": "Europe/Paris", "US": "America/Los_Angeles", "JP": "Asia/Tokyo"}


def seller_rows() -> Iterator[Row]:
    """The vendor's companies."""
    for code in sorted(set(SELLERS.values())):
        name, lines, country, vat_number = _SELLER_NAMES[code]
        yield {
            "id": seller_id(code),
            "code": code,
            "name": name,
            "lines": lines,
            "country": country,
            "vat_number": vat_number,
            "time_zone": _SELLER_ZONES[code],
        }


def contract_rows(world: World) -> Iterator[Row]:
    """One that ran out, then one that runs: some for days, some for almost a year."""
    for customer in world.customers:
        last_day = world.today + timedelta(days=5 + customer.index * 29 % 340)
        for k in range(CONTRACTS_PER_ACCOUNT):
            ends_on = last_day - _YEAR * (CONTRACTS_PER_ACCOUNT - 1 - k)
            yield _contract(world, customer, k, ends_on)


def _contract(world: World, customer: Customer, k: int, ends_on: date) -> Row:
    by_partner = customer.partner_id is not None and customer.index % 4 == 0
    return {
        "id": seeded_id("contract", customer.index, k),
        "number": f"C-{customer.index:06}-{k + 1}",
        "account_id": customer.id,
        "payer_account_id": customer.partner_id if by_partner else customer.id,
        "starts_on": ends_on - _YEAR + timedelta(days=1),
        "ends_on": ends_on,
        "auto_renew": customer.index % 3 == 1,
        "created_at": customer.created_at,
        "version": 1,
    }


#: Token, label, months until it expires: the sandbox accepts the first and declines the second.
_METHODS = (
    ("tok_success", "Visa •••• 4242", 20),
    ("tok_declined", "Mastercard •••• 4444", 9),
    ("tok_action", "Visa •••• 3184 (3-D Secure)", 14),
    ("tok_slow", "Direct debit FR76 •••• 0189", None),
)


def method_rows(world: World) -> Iterator[Row]:
    """Saved ways of paying: all of them in the first account, two in the others."""
    for customer in world.customers:
        for n, (token, label, months) in enumerate(_METHODS[: 4 if customer.index == 0 else 2]):
            expires_on = world.today + timedelta(days=30 * months) if months else None
            yield {
                "id": seeded_id("method", customer.index, n),
                "account_id": customer.id,
                "provider": "sandbox",
                "token": token,
                "label": label,
                "expires_on": expires_on,
                "default": n == 0,
                "created_at": customer.created_at + timedelta(minutes=n),
                "removed_at": None,
            }
