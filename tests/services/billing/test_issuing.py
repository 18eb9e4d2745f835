"""Issuing: numbers without gaps, whatever happens at the same time."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from kit.outbox import OutboxRow
from services.billing.books import check_books
from services.billing.issuing import Issuer, issue
from services.billing.models import Invoice, InvoiceState, LegalEntity, Series
from services.billing.numbers import take_number
from tests.support.billing import a_line, a_seller, a_tax, an_invoice, kept

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def a_draft(seller: LegalEntity, **values: Any) -> Invoice:
    """An invoice that is to be issued today."""
    defaults: dict[str, Any] = {"state": InvoiceState.DRAFT, "planned_on": TODAY}
    return an_invoice(seller, new_id(), **{**defaults, **values})


def an_issuer(billing: Database, now: datetime = NOON) -> Issuer:
    """An issuer at this moment."""
    return Issuer(billing, clock=lambda: now)


async def now_is(billing: Database, invoice: Invoice) -> Invoice:
    async with billing.system() as session:
        return await session.get_one(Invoice, invoice.id)


async def test_an_upcoming_invoice_is_issued_on_its_day(billing: Database) -> None:
    seller = a_seller()
    draft, later = a_draft(seller), a_draft(seller, planned_on=TODAY + timedelta(days=1))
    await kept(billing, seller, draft, a_line(draft), a_tax(draft), later)

    await an_issuer(billing).issue_planned()

    invoice = await now_is(billing, draft)
    assert invoice.state is InvoiceState.OPEN
    assert invoice.number == f"{seller.code}-2026-000001"
    assert (invoice.issued_on, invoice.due_on) == (TODAY, date(2026, 12, 21))
    assert invoice.search_text.startswith(invoice.number)
    assert (await now_is(billing, later)).state is InvoiceState.DRAFT


async def test_it_is_booked_and_announced(billing: Database) -> None:
    seller = a_seller()
    draft = a_draft(seller)
    await kept(billing, seller, draft)

    await an_issuer(billing).issue_planned()

    async with billing.system() as session:
        complaints = await check_books(session)
        topics = await session.scalars(
            select(OutboxRow.topic).where(OutboxRow.payload["invoice_id"].astext == str(draft.id))
        )
        announced = topics.all()
    assert [complaint for complaint in complaints if str(draft.id) in complaint] == []
    assert announced == ["billing.invoice-issued"]


async def test_what_comes_to_nothing_is_paid_at_once(billing: Database) -> None:
    seller = a_seller()
    draft = a_draft(seller, subtotal=0, tax=0)
    await kept(billing, seller, draft)

    await an_issuer(billing).issue_planned()

    assert (await now_is(billing, draft)).state is InvoiceState.PAID


async def test_a_line_changes_the_hash_of_what_was_issued(billing: Database) -> None:
    seller = a_seller()
    one, other = a_draft(seller), a_draft(seller)
    lines = (a_line(one), a_line(other, description="Something else"))
    await kept(billing, seller, one, other, *lines)

    await an_issuer(billing).issue_planned()

    hashes = [(await now_is(billing, draft)).content_hash for draft in (one, other)]
    assert None not in hashes
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("zone", "planned_on", "due"),
    [
        ("Asia/Tokyo", TODAY + timedelta(days=1), True),
        ("UTC", TODAY + timedelta(days=1), False),
        ("America/Los_Angeles", TODAY, True),
    ],
)
async def test_the_day_is_the_payers(
    billing: Database, zone: str, planned_on: date, due: bool
) -> None:
    seller = a_seller()
    draft = a_draft(seller, time_zone=zone, planned_on=planned_on)
    await kept(billing, seller, draft)

    await an_issuer(billing, NOON.replace(hour=20)).issue_planned()

    assert ((await now_is(billing, draft)).state is InvoiceState.OPEN) is due


async def test_the_date_is_the_sellers_and_a_year_begins_at_one(billing: Database) -> None:
    seller = a_seller(time_zone="Asia/Tokyo")
    first, second = a_draft(seller), a_draft(seller)
    await kept(billing, seller, first, second)
    new_year = datetime(2026, 12, 31, 16, tzinfo=UTC)

    async with billing.system() as session:
        await issue(session, first.id, NOON)
    async with billing.system() as session:
        await issue(session, second.id, new_year)

    assert (await now_is(billing, first)).number == f"{seller.code}-2026-000001"
    assert (await now_is(billing, second)).number == f"{seller.code}-2027-000001"
    assert (await now_is(billing, second)).issued_on == date(2027, 1, 1)


async def test_several_issuers_leave_no_gap_and_issue_nothing_twice(billing: Database) -> None:
    seller = a_seller()
    drafts = [a_draft(seller) for _ in range(12)]
    await kept(billing, seller, *drafts)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(an_issuer(billing).issue_planned())

    numbers = sorted([(await now_is(billing, draft)).number or "" for draft in drafts])
    assert numbers == [f"{seller.code}-2026-{n:06}" for n in range(1, 13)]


class Interrupted(Exception):
    """What rolls a transaction back."""


async def taken_in_vain(billing: Database, seller: LegalEntity) -> None:
    async with billing.system() as session:
        await take_number(session, seller, Series.CREDIT_NOTE, 2026)
        raise Interrupted


async def test_a_number_that_was_rolled_back_is_given_again(billing: Database) -> None:
    seller, taken = a_seller(), []
    await kept(billing, seller)

    async with billing.system() as session:
        taken.append(await take_number(session, seller, Series.CREDIT_NOTE, 2026))
    with pytest.raises(Interrupted):
        await taken_in_vain(billing, seller)
    async with billing.system() as session:
        taken.append(await take_number(session, seller, Series.CREDIT_NOTE, 2026))

    assert taken == [f"{seller.code}-CN-2026-000001", f"{seller.code}-CN-2026-000002"]


async def test_an_invoice_that_cannot_be_issued_costs_no_other(billing: Database) -> None:
    seller, broken = a_seller(), a_seller(time_zone="Nowhere/Land")
    first, second = a_draft(broken, planned_on=TODAY - timedelta(days=9)), a_draft(seller)
    await kept(billing, seller, broken, first, second)

    await an_issuer(billing).issue_planned()

    states = [(await now_is(billing, draft)).state for draft in (first, second)]
    assert states == [InvoiceState.DRAFT, InvoiceState.OPEN]


async def test_numbers_follow_the_days_that_were_planned(billing: Database) -> None:
    seller = a_seller()
    days = [TODAY - timedelta(days=n) for n in (1, 3, 2)]
    drafts = [a_draft(seller, planned_on=day) for day in days]
    await kept(billing, seller, *drafts)

    await an_issuer(billing).issue_planned()

    numbers = [(await now_is(billing, draft)).number or "" for draft in drafts]
    assert [number[-1] for number in numbers] == ["3", "1", "2"]


async def test_issuing_twice_is_once(billing: Database) -> None:
    seller = a_seller()
    draft = a_draft(seller)
    await kept(billing, seller, draft)
    results: list[bool] = []

    for _ in range(2):
        async with billing.system() as session:
            results.append(await issue(session, draft.id, NOON))

    assert results == [True, False]
