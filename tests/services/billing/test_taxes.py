"""What invoices come to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.taxes import Charge, line_amount, rounded, totals

RATES = st.sampled_from([Decimal(text) for text in ("0", "5.5", "10", "14.975", "19", "20")])
CHARGES = st.builds(
    Charge,
    amount=st.integers(-(10**12), 10**12),
    category=st.sampled_from(["S", "Z", "AE"]),
    rate=RATES,
)


def test_tax_is_of_the_sum_and_not_line_by_line() -> None:
    three = [Charge(33_33, "S", Decimal(20))] * 3

    sums = totals(three)

    assert (sums.subtotal, sums.tax, sums.total) == (99_99, 20_00, 119_99)


@pytest.mark.parametrize(
    ("amount", "nearest"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("2.4999", 2)],
)
def test_a_half_goes_away_from_zero(amount: str, nearest: int) -> None:
    assert rounded(Decimal(amount)) == nearest


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("0.5", 125_001, 62_501), ("3", 33_33, 99_99), ("-0.5", 1, -1), ("0.000001", 499_999, 0)],
)
def test_a_line_is_rounded_once(quantity: str, price: int, amount: int) -> None:
    assert line_amount(Decimal(quantity), price) == amount


def test_categories_and_rates_are_kept_apart_in_order() -> None:
    charges = [
        Charge(100, "S", Decimal(20)),
        Charge(100, "Z", Decimal(0)),
        Charge(100, "S", Decimal("5.5")),
        Charge(50, "S", Decimal(20)),
    ]

    sums = totals(charges)

    assert [(tax.category, tax.rate, tax.base, tax.amount) for tax in sums.taxes] == [
        ("S", Decimal(20), 150, 30),
        ("Z", Decimal(0), 100, 0),
        ("S", Decimal("5.5"), 100, 6),
    ]


@given(st.lists(CHARGES, max_size=8))
def test_every_sum_is_the_sum_of_its_parts(charges: list[Charge]) -> None:
    sums = totals(charges)

    assert sums.subtotal == sum(charge.amount for charge in charges)
    assert sums.subtotal == sum(tax.base for tax in sums.taxes)
    assert sums.total == sums.subtotal + sum(tax.amount for tax in sums.taxes)


@given(st.lists(CHARGES, max_size=8))
def test_a_category_is_off_by_half_a_unit_at_the_most(charges: list[Charge]) -> None:
    sums = totals(charges)

    assert all(abs(tax.amount - tax.base * tax.rate / 100) <= Decimal("0.5") for tax in sums.taxes)


@given(st.lists(CHARGES, max_size=8))
def test_the_opposite_invoice_takes_back_exactly_what_was_charged(charges: list[Charge]) -> None:
    opposite = [Charge(-each.amount, each.category, each.rate) for each in charges]

    assert totals(opposite).total == -totals(charges).total
