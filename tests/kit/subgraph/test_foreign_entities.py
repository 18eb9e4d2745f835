"""`_entities` of all four services: what is somebody else's answers as what does not exist.

Whoever asks may do everything in another account, so that only the rows' own rules stand.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import Column, Enum, Table, insert, select

from kit.database import Database
from kit.ids import new_id, to_global
from portal.seed import Scale, load
from services.billing.models.registry import Base as BillingBase
from services.billing.schema import schema as billing_schema
from services.cases.models.registry import Base as CasesBase
from services.cases.schema import schema as cases_schema
from services.identity.models.registry import Base as IdentityBase
from services.identity.schema import schema as identity_schema
from services.licensing.models.registry import Base as LicensingBase
from services.licensing.schema import schema as licensing_schema
from tests.support import billing, cases, identity, licensing
from tests.support.billing import statements
from tests.support.databases import Databases
from tests.support.identity import a_stranger

SERVICES: Final[Mapping[str, Any]] = {
    "identity": (identity_schema, identity, IdentityBase),
    "cases": (cases_schema, cases, CasesBase),
    "licensing": (licensing_schema, licensing, LicensingBase),
    "billing": (billing_schema, billing, BillingBase),
}
SECRETS: Final = {
    "IDENTITY_CURSOR_KEY": "00" * 32,
    "LICENSING_KEY_SECRETS": f"k1:{'31' * 32}",
    "LICENSING_KEY_HASH_SECRET": "68" * 32,
}

#: Which rows have such ids, by type and prefix. A caller is a person: `Viewer` is another one.
TABLES: Final = {
    "Account": ("acc", "identity.accounts"),
    "Activation": ("act", "licensing.activations"),
    "ApiClient": ("cli", "identity.api_clients"),
    "AuditExport": ("aexp", "identity.audit_exports"),
    "Case": ("case", "cases.cases"),
    "CaseComment": ("cmt", "cases.case_comments"),
    "CaseExport": ("cexp", "cases.case_exports"),
    "CaseFile": ("file", "cases.case_files"),
    "Contract": ("ctr", "billing.contracts"),
    "CreditNote": ("cn", "billing.credit_notes"),
    "Deployment": ("dep", "licensing.deployments"),
    "Invoice": ("inv", "billing.invoices"),
    "InvoiceExport": ("iexp", "billing.invoice_exports"),
    "KeyExport": ("kexp", "licensing.key_exports"),
    "KeyGroup": ("grp", "licensing.key_groups"),
    "Membership": ("mem", "identity.memberships"),
    "Payment": ("pay", "billing.payments"),
    "ProductKey": ("key", "licensing.product_keys"),
    "UploadSession": ("upl", "cases.upload_sessions"),
    "User": ("user", "identity.users"),
    "UserExport": ("uexp", "identity.user_exports"),
    "Viewer": ("user", "identity.users"),
}

ENTITIES: Final = [
    (service, type) for service, (schema, _, _) in SERVICES.items() for type in schema._entities
]


@dataclass(frozen=True)
class World:
    """The demonstration data of all services."""

    databases: Mapping[str, Database]

    async def an_id(self, type: str) -> str:
        """The global id of something of the type that exists."""
        prefix, place = TABLES[type]
        service, _, name = place.partition(".")
        table = SERVICES[service][2].metadata.tables[name]
        return to_global(prefix, await _row_of(self.databases[service], table))

    async def asked(self, service: str, type: str, id: str) -> tuple[Any, Any, int]:
        """Data and errors of a reference, without its id, and how many statements it took."""
        document = (
            "query ($r: [_Any!]!) { _entities(representations: $r) "
            f"{{ __typename ... on {type} {{ id }} }} }}"
        )
        variables = {"r": [{"__typename": type, "id": id}]}
        database = self.databases[service]
        with statements(database) as seen:
            result = await SERVICES[service][1].ask(database, a_stranger(), document, variables)
        errors = [(error.message, error.path) for error in result.errors or ()]
        return str(result.data).replace(id, "…"), errors, len(seen)


@pytest_asyncio.fixture(scope="module")
async def world(databases: Databases) -> AsyncIterator[World]:
    urls = {service: databases.of(service) for service in SERVICES}
    scale = Scale.of(4, keys=60, cases=60, invoices=60)
    await load(urls, scale, lambda *_: None, lambda _: SECRETS)
    opened = {service: Database(url) for service, url in urls.items()}
    yield World(opened)
    for database in opened.values():
        await database.close()


@pytest.mark.parametrize(("service", "type"), ENTITIES)
async def test_what_is_somebody_elses_answers_as_what_does_not_exist(
    world: World, service: str, type: str
) -> None:
    existing = await world.an_id(type)
    missing = to_global(TABLES[type][0], new_id())

    found = await world.asked(service, type, existing)
    not_found = await world.asked(service, type, missing)

    assert found == not_found
    assert found[1] == []


async def _row_of(database: Database, table: Table) -> UUID:
    """The id of a row of the table, which is made when there is none."""
    async with database.engine.begin() as connection:
        known: UUID | None = await connection.scalar(select(table.c.id).limit(1))
        if known is None:
            parents = {
                column.name: await connection.scalar(select(key.column).limit(1))
                for column in table.columns
                for key in column.foreign_keys
            }
            made = {column.name: _value(column) for column in table.columns if _is_needed(column)}
            known = new_id()
            await connection.execute(insert(table).values({**made, **parents, "id": known}))
        return known


def _is_needed(column: Column[Any]) -> bool:
    return not column.nullable and not column.foreign_keys and column.server_default is None


def _value(column: Column[Any]) -> Any:
    """Something that fits the column."""
    if isinstance(column.type, Enum):
        enum = column.type.enum_class
        assert enum is not None
        return next(iter(enum))
    now = datetime.now(UTC)
    makers: dict[type, Any] = {
        UUID: new_id(),
        str: "x",
        int: 1,
        bool: False,
        dict: {},
        object: {},
        list: [],
        bytes: bytes(32),
        date: now.date(),
        datetime: now + timedelta(days=1),
    }
    return makers[column.type.python_type]
