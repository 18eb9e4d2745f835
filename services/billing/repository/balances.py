"""Sums of what is owed: balances, ageing and statements. Currencies are never added together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Select, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from services.billing.models import (
    OWING,
    Document,
    DocumentFormat,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    local_date,
)

#: A statistic over fewer payers than this tells of single ones.
FEWEST_PAYERS: Final = 5


@dataclass(frozen=True, slots=True)
class Balance:
    """An amount in minor units of its currency."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class AgeingQuery:
    """Whose debts, in which currency, on which day: without one, today where each payer is."""

    as_of: date | None = None
    payer_ids: tuple[UUID, ...] | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Ageing:
    """What one payer, or all together, owe in one currency, in minor units, by days overdue."""

    payer_id: UUID | None
    currency: str
    not_due: int
    d1to30: int
    d31to60: int
    d61to90: int
    over90: int


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Statement:
    """What was owed before a period and at its end, with copies of what was issued in it."""

    opening: Balance
    closing: Balance
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class BalanceRepository:
    """Sums on one session, as of `now`."""

    session: AsyncSession
    now: datetime

    async def balances(self, payer_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Balance]]:
        """What each account owes, a row for each currency that it has open invoices in."""
        found = await self.session.execute(
            select(Invoice.payer_account_id, Invoice.currency, func.sum(Invoice.amount_due))
            .where(among(Invoice.payer_account_id, payer_ids), Invoice.state.in_(OWING))
            .group_by(Invoice.payer_account_id, Invoice.currency)
            .order_by(Invoice.currency)
        )
        balances: dict[UUID, list[Balance]] = {}
        for payer_id, currency, amount in found:
            balances.setdefault(payer_id, []).append(Balance(int(amount), currency))
        return balances

    async def ageing(self, query: AgeingQuery) -> list[Ageing]:
        """A row for each payer and currency."""
        owed = self._owed(query)
        rows = (
            select(owed.c.payer_id, owed.c.currency, *_buckets(owed))
            .group_by(owed.c.payer_id, owed.c.currency)
            .order_by(owed.c.currency, owed.c.payer_id)
        )
        return [_ageing(*row) for row in await self.session.execute(rows)]

    async def total_ageing(self, query: AgeingQuery, *, fewest: int = 1) -> list[Ageing]:
        """A row for each currency, over all payers together: not where there are too few."""
        owed = self._owed(query)
        rows = (
            select(literal(None), owed.c.currency, *_buckets(owed))
            .group_by(owed.c.currency)
            .having(func.count(owed.c.payer_id.distinct()) >= fewest)
            .order_by(owed.c.currency)
        )
        return [_ageing(*row) for row in await self.session.execute(rows)]

    async def statements(
        self, payer_ids: Sequence[UUID], period: Period
    ) -> Mapping[UUID, Statement]:
        """By account, in the currency that it was billed in last; nothing was never billed."""
        found = await self.session.execute(_sums(payer_ids, period))
        documents = await self._documents(payer_ids, period)
        return {
            payer_id: Statement(
                Balance(int(opening or 0), currency),
                Balance(int(closing or 0), currency),
                tuple(documents.get((payer_id, currency), ())),
            )
            for payer_id, currency, opening, closing in found
        }

    def _owed(self, query: AgeingQuery) -> FromClause:
        rows = _owed_now(local_date(self.now)) if query.as_of is None else _owed_on(query.as_of)
        if query.payer_ids is not None:
            rows = rows.where(among(Invoice.payer_account_id, query.payer_ids))
        if query.currency is not None:
            rows = rows.where(Invoice.currency == query.currency)
        return rows.subquery("owed")

    async def _documents(
        self, payer_ids: Sequence[UUID], period: Period
    ) -> Mapping[tuple[UUID, str], Sequence[Document]]:
        rows = await self.session.scalars(
            select(Document)
            .where(
                among(Document.account_id, payer_ids),
                Document.format == DocumentFormat.PDF,
                Document.issued_on.between(period.first, period.last),
            )
            .order_by(Document.issued_on, Document.id)
        )
        documents: dict[tuple[UUID, str], list[Document]] = {}
        for row in rows:
            documents.setdefault((row.account_id, row.currency), []).append(row)
        return documents


def _owed_now(today: ColumnElement[date]) -> Select[*tuple[Any, ...]]:
    return select(
        Invoice.payer_account_id.label("payer_id"),
        Invoice.currency,
        Invoice.due_on,
        Invoice.amount_due.label("amount"),
        today.label("today"),
    ).where(Invoice.state.in_(OWING))


def _owed_on(day: date) -> Select[*tuple[Any, ...]]:
    """As the books stood at the end of that day."""
    entries = (
        select(LedgerEntry.invoice_id, func.sum(LedgerEntry.amount).label("amount"))
        .where(LedgerEntry.ledger_account == LedgerAccount.RECEIVABLE)
        .where(LedgerEntry.booked_on <= day)
        .group_by(LedgerEntry.invoice_id)
        .having(func.sum(LedgerEntry.amount) != 0)
        .subquery("entries")
    )
    return select(
        Invoice.payer_account_id.label("payer_id"),
        Invoice.currency,
        Invoice.due_on,
        entries.c.amount,
        literal(day, Date).label("today"),
    ).join(entries, entries.c.invoice_id == Invoice.id)


def _buckets(owed: FromClause) -> list[ColumnElement[Any]]:
    due, today = owed.c.due_on, owed.c.today
    conditions = (
        or_(due.is_(None), due >= today),
        and_(due < today, due >= today - 30),
        and_(due < today - 30, due >= today - 60),
        and_(due < today - 60, due >= today - 90),
        due < today - 90,
    )
    return [func.coalesce(func.sum(owed.c.amount).filter(condition), 0) for condition in conditions]


def _ageing(payer_id: UUID | None, currency: str, *amounts: int) -> Ageing:
    return Ageing(payer_id, currency, *map(int, amounts))


def _sums(payer_ids: Sequence[UUID], period: Period) -> Select[*tuple[Any, ...]]:
    amount, booked_on = func.sum(LedgerEntry.amount), LedgerEntry.booked_on
    last_billed = func.max(booked_on).filter(LedgerEntry.amount > 0)
    return (
        select(
            LedgerEntry.account_id,
            LedgerEntry.currency,
            amount.filter(booked_on < period.first),
            amount.filter(booked_on <= period.last),
        )
        .where(among(LedgerEntry.account_id, payer_ids))
        .where(LedgerEntry.ledger_account == LedgerAccount.RECEIVABLE)
        .group_by(LedgerEntry.account_id, LedgerEntry.currency)
        .ext(distinct_on(LedgerEntry.account_id))
        .order_by(LedgerEntry.account_id, last_billed.desc().nulls_last(), LedgerEntry.currency)
    )
