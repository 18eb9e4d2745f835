"""Invoices, payments and callers for the tests of billing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event
from strawberry.types import ExecutionResult

import services.billing
from kit.contract import Capability, PrincipalKind
from kit.database import Base, Database
from kit.ids import new_id, to_global
from kit.messages import Catalogues
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from kit.signing import Keyring
from services.billing.collection.collector import Collector
from services.billing.context import Context
from services.billing.loaders import Loaders
from services.billing.models import (
    Allocation,
    Contract,
    CreditNote,
    Document,
    DocumentFormat,
    Invoice,
    InvoiceExport,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    LegalEntity,
    Payment,
    PaymentMethod,
    TaxLine,
)
from services.billing.providers import sandbox
from services.billing.providers.provider import PaymentProvider
from services.billing.providers.sandbox import Sandbox
from services.billing.schema import schema
from services.billing.settings import Settings
from tests.support.callers import past_the_directives

SIGNING_KEYS = "k1:000102030405060708090a0b0c0d0e0f"
PAYER = frozenset({Capability.INVOICE_READ, Capability.INVOICE_PAY})
READER = frozenset({Capability.INVOICE_READ})

_PREFIXES: dict[type[Base], str] = {
    Invoice: "inv",
    InvoiceLine: "line",
    Payment: "pay",
    PaymentMethod: "pm",
    CreditNote: "cn",
    Contract: "ctr",
    InvoiceExport: "iexp",
}

_numbers = count(1)


def the_settings(database_url: str, **changed: Any) -> Settings:
    """Settings for tests."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": "redis://127.0.0.1:1",
        "signing_keys": SIGNING_KEYS,
        "cursor_key": "00" * 32,
        "files_url": "memory:///",
    }
    return Settings(**{**values, **changed})


def a_seller(**values: Any) -> LegalEntity:
    """A company of the vendor's."""
    defaults = {"code": f"T{next(_numbers)}", "name": "Vendor SAS", "lines": [], "country": "FR"}
    return LegalEntity(**{**defaults, **values})


def today() -> date:
    """In UTC, where the tests' payers are."""
    return datetime.now(UTC).date()


def an_invoice(seller: LegalEntity, payer_id: UUID, **values: Any) -> Invoice:
    """An open invoice of 120.00 EUR that is due in a month."""
    number = next(_numbers)
    draft = values.get("state") is InvoiceState.DRAFT
    defaults: dict[str, Any] = {
        "number": None if draft else f"FR-{number:06}",
        "legal_entity_id": seller.id,
        "account_id": payer_id,
        "payer_account_id": payer_id,
        "kind": InvoiceKind.NEW_PURCHASE,
        "state": InvoiceState.OPEN,
        "currency": "EUR",
        "subtotal": 100_00,
        "tax": 20_00,
        "issued_on": None if draft else today(),
        "planned_on": today() + timedelta(days=10) if draft else None,
        "due_on": None if draft else today() + timedelta(days=30),
        "bill_to": {"company": "Acme", "lines": ["1 Mill Lane"], "country": "GB"},
    }
    merged = {**defaults, **values}
    merged.setdefault("total", merged["subtotal"] + merged["tax"])
    merged.setdefault("search_text", f"{merged['number']} Acme")
    return Invoice(**merged)


def a_line(invoice: Invoice, position: int = 1, **values: Any) -> InvoiceLine:
    """A line of the whole subtotal."""
    defaults: dict[str, Any] = {
        "description": "Maintenance",
        "quantity": 1,
        "unit_price": invoice.subtotal,
        "amount": invoice.subtotal,
        "tax_rate": 20,
    }
    return InvoiceLine(
        invoice_id=invoice.id,
        account_id=invoice.account_id,
        position=position,
        **{**defaults, **values},
    )


def a_tax(invoice: Invoice, **values: Any) -> TaxLine:
    """All of the invoice's tax."""
    defaults: dict[str, Any] = {
        "name": "TVA",
        "category": "S",
        "rate": 20,
        "base": invoice.subtotal,
        "amount": invoice.tax,
    }
    return TaxLine(invoice_id=invoice.id, account_id=invoice.account_id, **{**defaults, **values})


def a_payment(payer_id: UUID, **values: Any) -> Payment:
    """A payment of 120.00 EUR that is under way."""
    defaults: dict[str, Any] = {"amount": 120_00, "currency": "EUR", "method": "Visa •••• 4242"}
    return Payment(account_id=payer_id, **{**defaults, **values})


def an_allocation(payment: Payment, invoice: Invoice, amount: int | None = None) -> Allocation:
    """The payment goes to this invoice."""
    return Allocation(
        payment_id=payment.id,
        invoice_id=invoice.id,
        account_id=payment.account_id,
        amount=payment.amount if amount is None else amount,
    )


def a_method(payer_id: UUID, token: str = sandbox.SUCCESS, **values: Any) -> PaymentMethod:
    """A saved card."""
    defaults: dict[str, Any] = {"provider": "sandbox", "label": "Visa •••• 4242"}
    return PaymentMethod(account_id=payer_id, token=token, **{**defaults, **values})


def a_credit_note(invoice: Invoice, amount: int = 20_00, **values: Any) -> CreditNote:
    """Takes back part of the invoice."""
    defaults: dict[str, Any] = {"number": f"CN-{next(_numbers):06}", "issued_on": today()}
    return CreditNote(
        invoice_id=invoice.id,
        account_id=invoice.payer_account_id,
        amount=amount,
        currency=invoice.currency,
        **{**defaults, **values},
    )


def a_document(subject: Invoice | CreditNote, **values: Any) -> Document:
    """A PDF of it."""
    defaults: dict[str, Any] = {
        "format": DocumentFormat.PDF,
        "sha256": "ab" * 32,
        "object_key": f"documents/{next(_numbers)}.pdf",
        "issued_on": subject.issued_on,
        "currency": subject.currency,
    }
    match subject:
        case Invoice():
            of = {"invoice_id": subject.id, "account_id": subject.payer_account_id}
        case CreditNote():
            of = {"credit_note_id": subject.id, "account_id": subject.account_id}
    return Document(**{**defaults, **of, **values})


def a_contract(account_id: UUID, **values: Any) -> Contract:
    """A contract of a year that ends in two months."""
    ends_on = values.pop("ends_on", today() + timedelta(days=60))
    defaults: dict[str, Any] = {
        "number": f"C-{next(_numbers):06}",
        "payer_account_id": account_id,
        "starts_on": ends_on - timedelta(days=364),
    }
    return Contract(account_id=account_id, ends_on=ends_on, **{**defaults, **values})


async def kept(database: Database, *rows: Base) -> None:
    """Store the rows, each after those before it."""
    async with database.system() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def a_caller(*account_ids: UUID, may: frozenset[Capability] = PAYER, **values: Any) -> Principal:
    """A customer with the same rights in each of these accounts."""
    defaults: dict[str, Any] = {
        "kind": PrincipalKind.CUSTOMER,
        "id": new_id(),
        "proven_until": datetime.now(UTC) + timedelta(minutes=15),
    }
    accounts = dict.fromkeys(account_ids, may)
    return Principal(accounts=accounts, **{**defaults, **values})


def a_desk(*everywhere: Capability) -> Principal:
    """Somebody with rights in all accounts."""
    return Principal(kind=PrincipalKind.STAFF, id=new_id(), everywhere=frozenset(everywhere))


def a_context(
    database: Database,
    principal: Principal,
    locale: str = "en",
    provider: PaymentProvider | None = None,
) -> Context:
    """What resolvers know when this caller asks."""
    paginator = Paginator(Cursors(bytes(32)))
    return Context(
        principal=principal,
        locale=locale,
        database=database,
        paginator=paginator,
        catalogues=Catalogues(Path(services.billing.__file__).parent),
        loaders=Loaders(database, paginator, principal),
        files=SignedUrls("https://portal.example.com", Keyring.parse(SIGNING_KEYS)),
        collector=Collector(database, provider or Sandbox()),
    )


async def ask(
    database: Database,
    principal: Principal,
    document: str,
    variables: Mapping[str, Any] | None = None,
    locale: str = "en",
    provider: PaymentProvider | None = None,
) -> ExecutionResult:
    """Execute an operation in the name of a caller whom only row rules can stop.

    Dashboards have no accounts: they stay what they are.
    """
    is_dashboard = principal.kind is PrincipalKind.MACHINE and not principal.accounts
    caller = principal if is_dashboard else past_the_directives(principal)
    result = await schema.execute(
        document,
        variable_values=dict(variables or {}),
        context_value=a_context(database, caller, locale, provider),
    )
    assert isinstance(result, ExecutionResult)
    return result


async def answered(
    database: Database, principal: Principal, document: str, **variables: Any
) -> Any:
    """The data of an operation without errors."""
    result = await ask(database, principal, document, variables)
    assert result.errors is None, result.errors
    return result.data


def global_id(row: Base) -> str:
    """The row's id as clients know it."""
    return to_global(_PREFIXES[type(row)], row.id)  # type: ignore[attr-defined]  # all have one


def account_id(id: UUID) -> str:
    """An account's id as clients know it."""
    return to_global("acc", id)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run inside the block."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)
