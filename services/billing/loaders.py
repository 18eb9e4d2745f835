"""Everything a request reads, batched: made once per request, one session per batch.

Resolvers run concurrently and an `AsyncSession` must not be shared between tasks.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from kit.contract import Capability
from kit.database import Database
from kit.pagination import Page, PageRequest, Paginator
from kit.principal import Principal
from kit.subgraph.batching import Of, Paged, by_parent, by_question
from services.billing.models import (
    Contract,
    CreditNote,
    Document,
    Invoice,
    InvoiceExport,
    InvoiceLine,
    Payment,
    PaymentMethod,
    TaxLine,
)
from services.billing.repository.balances import (
    FEWEST_PAYERS,
    Ageing,
    AgeingQuery,
    Balance,
    BalanceRepository,
    Period,
    Statement,
)
from services.billing.repository.invoices import InvoiceQuery, InvoiceRepository
from services.billing.repository.rows import RenewalQuery, RowRepository


class Loaders:
    """Named for key and result. A missing row is None, a missing list is empty.

    All of a request's answers are as of one moment, `now`.
    """

    def __init__(self, database: Database, paginator: Paginator, principal: Principal) -> None:
        self._database, self._paginator, self._principal = database, paginator, principal
        self.now = datetime.now(UTC)
        self._make_rows()
        self._make_lists()
        self._make_pages()

    def _make_rows(self) -> None:
        self.invoice: DataLoader[UUID, Invoice | None] = self._one(Invoice.id)
        self.invoice_numbered: DataLoader[str, Invoice | None] = self._one(Invoice.number)
        self.payment: DataLoader[UUID, Payment | None] = self._one(Payment.id)
        self.credit_note: DataLoader[UUID, CreditNote | None] = self._one(CreditNote.id)
        self.contract: DataLoader[UUID, Contract | None] = self._one(Contract.id)
        self.invoice_export: DataLoader[UUID, InvoiceExport | None] = self._one(InvoiceExport.id)
        self.renewal_invoice_of: DataLoader[UUID, Invoice | None] = self._many(
            RowRepository.renewal_invoices, None
        )

    def _make_lists(self) -> None:
        self.taxes_of: DataLoader[UUID, Sequence[TaxLine]] = self._list(
            TaxLine.invoice_id, TaxLine.category, TaxLine.rate
        )
        self.credit_notes_of: DataLoader[UUID, Sequence[CreditNote]] = self._list(
            CreditNote.invoice_id, CreditNote.issued_on, CreditNote.id
        )
        self.documents_of: DataLoader[UUID, Sequence[Document]] = self._list(
            Document.invoice_id, Document.format
        )
        self.credit_documents_of: DataLoader[UUID, Sequence[Document]] = self._list(
            Document.credit_note_id, Document.format
        )
        self.payments_of: DataLoader[UUID, Sequence[Payment]] = self._many(
            RowRepository.payments_of, ()
        )
        self.invoices_paid_by: DataLoader[UUID, Sequence[Invoice]] = self._many(
            RowRepository.invoices_of, ()
        )
        self.payment_methods_of: DataLoader[UUID, Sequence[PaymentMethod]] = self._many(
            RowRepository.payment_methods_of, ()
        )
        self.balances_of: DataLoader[UUID, Sequence[Balance]] = by_parent(self._balances, ())

    def _make_pages(self) -> None:
        self.invoices_of: DataLoader[Of[Paged[InvoiceQuery]], Page[Invoice]] = by_question(
            self._invoices, Page()
        )
        self.invoice_count_of: DataLoader[Of[InvoiceQuery], int] = by_question(
            self._invoice_counts, 0
        )
        self.lines_of: DataLoader[Of[PageRequest], Page[InvoiceLine]] = by_question(
            self._lines, Page()
        )
        self.line_count_of: DataLoader[Of[None], int] = by_question(self._line_counts, 0)
        self.contracts_of: DataLoader[Of[PageRequest], Page[Contract]] = by_question(
            self._contracts, Page()
        )
        self.contract_count_of: DataLoader[Of[None], int] = by_question(self._contract_counts, 0)
        self.statement_of: DataLoader[Of[Period], Statement | None] = by_question(
            self._statements, None
        )

    async def invoices(self, query: InvoiceQuery, request: PageRequest) -> Page[Invoice]:
        """A page of all invoices that the caller sees."""
        async with self._invoice_lists() as invoices:
            return await invoices.page(query, request)

    async def invoice_count(self, query: InvoiceQuery) -> int:
        """How many there are in all."""
        async with self._invoice_lists() as invoices:
            return await invoices.count(query)

    async def renewals(self, query: RenewalQuery, request: PageRequest) -> Page[Contract]:
        """A page of the contracts that end."""
        async with self._rows() as rows:
            return await rows.renewals(query, request)

    async def renewal_count(self, query: RenewalQuery) -> int:
        """How many there are in all."""
        async with self._rows() as rows:
            return await rows.count_renewals(query)

    async def ageing(self, query: AgeingQuery) -> list[Ageing]:
        """What is owed: by payer, or by all together where the caller reads everybody's invoices
        and names nobody; numbers only for those who may see no invoices.
        """
        principal = self._principal
        if not principal.holds_any(Capability.INVOICE_READ):
            return await self._anonymous_ageing(query)
        async with self._sums() as sums:
            if Capability.INVOICE_READ in principal.everywhere and query.payer_ids is None:
                return await sums.total_ageing(query)
            return await sums.ageing(query)

    async def _anonymous_ageing(self, query: AgeingQuery) -> list[Ageing]:
        if Capability.AGGREGATE_READ not in self._principal.everywhere:
            return []
        async with self._database.system() as session:
            sums = BalanceRepository(session, self.now)
            return await sums.total_ageing(query, fewest=FEWEST_PAYERS)

    @asynccontextmanager
    async def _rows(self) -> AsyncIterator[RowRepository]:
        async with self._database.session(self._principal) as session:
            yield RowRepository(session, self._paginator)

    @asynccontextmanager
    async def _invoice_lists(self) -> AsyncIterator[InvoiceRepository]:
        async with self._database.session(self._principal) as session:
            yield InvoiceRepository(session, self._paginator, self.now)

    @asynccontextmanager
    async def _sums(self) -> AsyncIterator[BalanceRepository]:
        async with self._database.session(self._principal) as session:
            yield BalanceRepository(session, self.now)

    def _one(self, column: InstrumentedAttribute[Any]) -> DataLoader[Any, Any]:
        async def load(keys: list[Any]) -> list[Any]:
            async with self._rows() as rows:
                found = await rows.by_id(column, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _list(self, parent: InstrumentedAttribute[Any], *order: Any) -> DataLoader[UUID, Any]:
        async def load(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
            async with self._rows() as rows:
                return await rows.lists(parent, ids, *order)

        return by_parent(load, ())

    def _many(
        self,
        read: Callable[[RowRepository, Sequence[UUID]], Awaitable[Mapping[UUID, Any]]],
        missing: Any,
    ) -> DataLoader[UUID, Any]:
        async def load(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
            async with self._rows() as rows:
                return await read(rows, ids)

        return by_parent(load, missing)

    async def _balances(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Balance]]:
        async with self._sums() as sums:
            return await sums.balances(ids)

    async def _invoices(
        self, ids: Sequence[UUID], asked: Paged[InvoiceQuery]
    ) -> Mapping[UUID, Page[Invoice]]:
        async with self._invoice_lists() as invoices:
            return await invoices.pages_of(ids, asked.query, asked.request)

    async def _invoice_counts(self, ids: Sequence[UUID], query: InvoiceQuery) -> Mapping[UUID, int]:
        async with self._invoice_lists() as invoices:
            return await invoices.counts_of(ids, query)

    async def _lines(
        self, ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[InvoiceLine]]:
        async with self._invoice_lists() as invoices:
            return await invoices.lines(ids, request)

    async def _line_counts(self, ids: Sequence[UUID], _: None) -> Mapping[UUID, int]:
        async with self._invoice_lists() as invoices:
            return await invoices.line_counts(ids)

    async def _contracts(
        self, ids: Sequence[UUID], request: PageRequest
    ) -> Mapping[UUID, Page[Contract]]:
        async with self._rows() as rows:
            return await rows.contracts(ids, request)

    async def _contract_counts(self, ids: Sequence[UUID], _: None) -> Mapping[UUID, int]:
        async with self._rows() as rows:
            return await rows.count_contracts(ids)

    async def _statements(
        self, ids: Sequence[UUID], period: Period
    ) -> Mapping[UUID, Statement | None]:
        async with self._sums() as sums:
            return dict(await sums.statements(ids, period))
