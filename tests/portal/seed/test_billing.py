"""The demonstration data of billing: complete, consistent, the same each time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import pytest
import pytest_asyncio

from kit.database import Database
from portal.seed import billing
from portal.seed.copying import Copier
from portal.seed.identifiers import seeded_id
from portal.seed.scale import Scale
from portal.seed.world import World, make_world
from services.billing.books import check_books
from services.billing.models import InvoiceKind, InvoiceState, PaymentState
from tests.support.databases import Databases

NOW: Final = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SCALE: Final = Scale()


def report(what: str, done: int, total: int) -> None:
    """Nobody watches."""


async def load_into(url: str, world: World) -> Any:
    """A connection to the database, with all of it."""
    copier = await Copier.open(url, "billing", report)
    await billing.load(copier, world, SCALE)
    return copier.connection


@pytest.fixture(scope="module")
def world() -> World:
    """The people and accounts."""
    return make_world(SCALE.accounts, NOW)


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    """The database that most tests look at."""
    return databases.of("billing")


@pytest_asyncio.fixture(scope="module")
async def seeded(url: str, world: World) -> AsyncIterator[Any]:
    """A connection to it."""
    connection = await load_into(url, world)
    try:
        yield connection
    finally:
        await connection.close()


async def test_the_data_are_the_same_each_time(
    seeded: Any, databases: Databases, world: World
) -> None:
    again = await load_into(databases.of("billing"), world)
    plain = "select id, number, state, total, amount_paid, bill_to::text from invoices order by id"

    try:
        assert await again.fetch(plain) == await seeded.fetch(plain)
    finally:
        await again.close()


async def test_the_books_agree_with_the_invoices(seeded: Any, url: str) -> None:
    database = Database(url)

    try:
        async with database.system() as session:
            assert await check_books(session) == []
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("column", "table", "all_of"),
    [
        ("state", "invoices", InvoiceState),
        ("kind", "invoices", InvoiceKind),
        ("state", "payments", PaymentState),
    ],
)
async def test_every_state_and_kind_is_shown(
    seeded: Any, column: str, table: str, all_of: type[InvoiceState]
) -> None:
    rows = await seeded.fetch(f"select distinct {column} as found from {table}")

    assert {row["found"] for row in rows} == set(all_of)


async def test_numbers_have_no_gaps_and_follow_the_days(seeded: Any) -> None:
    rows = await seeded.fetch("select number, issued_on from invoices where number is not null")
    numbered = sorted((row["number"].rpartition("-"), row["issued_on"]) for row in rows)

    for (seller_and_year), group in groupby(numbered, key=lambda each: each[0][0]):
        serials = list(group)

        assert [int(number[2]) for number, _ in serials] == list(range(1, len(serials) + 1))
        assert [day for _, day in serials] == sorted(day for _, day in serials)
        assert seller_and_year.endswith(str(serials[0][1].year))


async def test_the_next_number_is_the_one_after_the_last(seeded: Any) -> None:
    rows = await seeded.fetch(
        """select last, (select max(right(number, 6)::int) from invoices
                where number like code || '-' || year || '-%') as highest
            from number_series join legal_entities on legal_entities.id = legal_entity_id
            where document = 'INVOICE'"""
    )

    assert rows
    assert [row["last"] for row in rows] == [row["highest"] for row in rows]


async def test_sums_are_those_of_lines_and_taxes(seeded: Any) -> None:
    wrong = await seeded.fetch(
        """select number from invoices where
            subtotal != (select sum(amount) from invoice_lines where invoice_id = invoices.id)
            or subtotal != (select sum(base) from tax_lines where invoice_id = invoices.id)
            or tax != (select sum(amount) from tax_lines where invoice_id = invoices.id)"""
    )

    assert wrong == []


async def test_lines_name_keys_that_licensing_has(seeded: Any, world: World) -> None:
    keys = {
        seeded_id("key", customer.index, k)
        for customer in world.customers
        for k in range(SCALE.keys_of(customer.share))
    }

    rows = await seeded.fetch("select distinct product_key_id as id from invoice_lines")

    assert {row["id"] for row in rows} - {None} <= keys


async def test_nothing_is_in_the_future_but_what_is_planned(seeded: Any, world: World) -> None:
    issued = await seeded.fetchval("select max(issued_on) from invoices")
    booked = await seeded.fetchval("select max(booked_on) from ledger_entries")
    paid = await seeded.fetchval("select max(created_at) from payments")
    planned = await seeded.fetchval("select min(planned_on) from invoices where number is null")

    assert max(issued, booked) <= world.today < planned
    assert paid < NOW


async def test_a_partner_pays_for_some_of_its_customers_invoices(seeded: Any, world: World) -> None:
    rows = await seeded.fetch(
        """select distinct account_id, payer_account_id from invoices
            where account_id != payer_account_id"""
    )

    paid_for = {(customer.id, customer.partner_id) for customer in world.customers}
    assert rows
    assert {(row["account_id"], row["payer_account_id"]) for row in rows} <= paid_for
