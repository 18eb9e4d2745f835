"""Scalars and money: one spelling in, one spelling out, no float anywhere."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import strawberry

from kit.subgraph.money import Money, to_decimal, to_minor
from kit.subgraph.schema import Subgraph


@strawberry.type
class Query:
    """Gives back what it is given."""

    @strawberry.field
    def decimal(self, value: Decimal) -> Decimal:
        return value

    @strawberry.field
    def moment(self, value: datetime) -> datetime:
        return value

    @strawberry.field
    def price(self) -> Money:
        return Money.of(1250, "EUR")


SCHEMA = Subgraph(Query)


async def echo(field: str, value: Any) -> Any:
    type = {"decimal": "Decimal", "moment": "DateTime"}[field]
    result = await SCHEMA.execute(
        f"query ($v: {type}!) {{ {field}(value: $v) }}", variable_values={"v": value}
    )
    return result.data and result.data[field]


@pytest.mark.parametrize("text", ["0", "10", "-10.50", "0.005", "123456789012345678901234"])
async def test_a_decimal_comes_back_as_it_went_in(text: str) -> None:
    assert await echo("decimal", text) == text


@pytest.mark.parametrize(
    "value", ["1e1", "٣", "", " 1", "1.", ".5", "+1", "NaN", "Infinity", "1_0", 1, 1.5, True, None]
)
async def test_a_decimal_has_one_spelling(value: Any) -> None:
    assert await echo("decimal", value) is None


async def test_a_moment_is_written_in_utc() -> None:
    assert await echo("moment", "2026-11-21T10:00:00+02:00") == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize("value", ["2026-11-21T10:00:00", "yesterday", "", 0])
async def test_a_moment_without_an_offset_is_no_moment(value: Any) -> None:
    assert await echo("moment", value) is None


async def test_money_is_a_string_with_all_its_decimals() -> None:
    result = await SCHEMA.execute("{ price { amount currency } }")

    assert result.data == {"price": {"amount": "12.50", "currency": "EUR"}}


@pytest.mark.parametrize(
    ("currency", "minor", "amount"),
    [("JPY", 1250, "1250"), ("EUR", 1250, "12.50"), ("KWD", 1250, "1.250"), ("EUR", -5, "-0.05")],
)
def test_minor_units_follow_the_currency(currency: str, minor: int, amount: str) -> None:
    assert to_decimal(minor, currency) == Decimal(amount)
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "EUR"), ("0.5", "JPY")])
def test_more_decimals_than_the_currency_has_are_no_amount(amount: str, currency: str) -> None:
    assert to_minor(Decimal(amount), currency) is None
