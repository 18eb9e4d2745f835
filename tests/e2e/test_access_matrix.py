"""Every cell of the committed matrix, asked of the running portal by somebody of each kind."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from argon2 import PasswordHasher
from graphql import GraphQLObjectType, GraphQLSchema
from sqlalchemy import select

from gateway.supergraph.reader import read_supergraph
from gateway.supergraph.visibility import visible
from kit.database import Database
from kit.ids import to_global
from portal import demo
from portal.access.columns import columns
from portal.subgraphs import SUPERGRAPH
from services.identity import capabilities
from services.identity.authentication.sessions import hash_of
from services.identity.models import Account, ApiClient, Credential, Desk, Membership, Role, User
from tests.e2e.oracle.rows import Rows
from tests.support.access_matrix import Answer, Cells, committed_cells
from tests.support.identity import a_member, a_user, kept, staff
from tests.support.probing import Coordinate, Prober, Way, denied_in, refused
from tests.support.running_portal import Client, RunningPortal

pytestmark = pytest.mark.e2e

COLUMNS: Final = tuple(column.code for column in columns())

MEMBERS: Final = {
    "AD": Role.ADMINISTRATOR,
    "LA": Role.LICENSE_ADMINISTRATOR,
    "GM": Role.KEY_GROUP_MANAGER,
    "IN": Role.INDIVIDUAL,
    "DO": Role.DOWNLOAD_ONLY,
    "SO": Role.SUPPORT_ONLY,
    "BI": Role.BILLING,
    "CA": Role.SUPPORT_ONLY,
}
PARTNERS: Final = {"PM": Role.PARTNER_MANAGER, "PA": Role.PARTNER_AGENT}
STAFF: Final = {
    "SA": Desk.SUPPORT,
    "CS": Desk.CUSTOMER_SERVICE,
    "LO": Desk.LICENSING_OPERATIONS,
    "FI": Desk.FINANCE,
}
#: The accounts of the demonstration data in which members and partners act.
CUSTOMER, PARTNER = "A100000", "A100001"

#: Where things with a global id are, by type.
NODES: Final = {
    "Account": ("acc", "identity.accounts"),
    "User": ("user", "identity.users"),
    "Membership": ("mem", "identity.memberships"),
    "Case": ("case", "cases.cases"),
    "ProductKey": ("key", "licensing.product_keys"),
    "KeyGroup": ("grp", "licensing.key_groups"),
    "Deployment": ("dep", "licensing.deployments"),
    "Invoice": ("inv", "billing.invoices"),
    "Payment": ("pay", "billing.payments"),
    "Contract": ("ctr", "billing.contracts"),
}


@dataclass(frozen=True)
class Everybody:
    """Somebody of each column, and what is needed to ask for every field."""

    clients: Mapping[str, Client]
    prober: Prober

    async def denied_by(self, column: str, operations: Iterable[str]) -> set[Coordinate]:
        """What the operations are denied."""
        async with asyncio.TaskGroup() as group:
            answers = [
                group.create_task(self.denied(column, operation)) for operation in operations
            ]
        return set[Coordinate]().union(*(each.result() for each in answers))

    async def denied(self, column: str, operation: str) -> set[Coordinate]:
        """What the operation is denied. Nothing else may be wrong with it."""
        answer = await self.clients[column].ask(operation)
        assert refused(answer) == [], operation
        return denied_in(answer)


@pytest_asyncio.fixture(scope="module")
async def everybody(portal: RunningPortal) -> AsyncIterator[Everybody]:
    rows = await Rows.read(portal.database_urls)
    ids = {type: to_global(prefix, _first(rows, table)) for type, (prefix, table) in NODES.items()}
    database = Database(portal.database_urls["identity"])
    async with ClientSession() as session:
        clients = {
            "anon": portal.client(session),
            **{
                column: await _signed_in(portal.client(session), email)
                for column, email in (await _people(database)).items()
            },
            **{
                column: await _with_token(portal.client(session), id, secret)
                for column, (id, secret) in (await _machines(database)).items()
            },
        }
        yield Everybody(clients, Prober(_schema(), ids))
    await database.close()


@pytest.mark.parametrize("column", COLUMNS)
async def test_every_field_is_denied_to_whom_the_matrix_denies_it(
    everybody: Everybody, column: str
) -> None:
    cells, wrong = committed_cells(), list[str]()
    for way in _ways(everybody, column):
        expected = _of(cells, way.type, column, Answer.DENIED)
        operations = everybody.prober.denials(way, [name for _, name in expected])
        found = await everybody.denied_by(column, operations)
        wrong += [".".join(each) for each in set(expected) ^ found if _is_sure(way, each, found)]

    assert wrong == []


@pytest.mark.parametrize("column", COLUMNS)
async def test_every_field_is_given_to_whom_the_matrix_gives_it(
    everybody: Everybody, column: str
) -> None:
    cells, wrong = committed_cells(), set[Coordinate]()
    for way in _ways(everybody, column):
        expected = _of(cells, way.type, column, Answer.ALLOWED)
        operations = everybody.prober.operations(way, [name for _, name in expected])
        wrong |= await everybody.denied_by(column, operations)

    assert wrong == set()


@pytest.mark.parametrize("column", COLUMNS)
async def test_every_mutation_is_denied_to_whom_the_matrix_denies_it(
    everybody: Everybody, column: str
) -> None:
    cells = committed_cells()
    expected = set(_of(cells, "Mutation", column, Answer.DENIED))
    allowed = _of(cells, "Mutation", column, Answer.ALLOWED)
    names = [name for _, name in (*expected, *allowed)]

    found = set[Coordinate]()
    # One denied mutation refuses those beside it, so that asking changes nothing.
    for _, denied in sorted(expected)[:1]:
        for operation in everybody.prober.mutations(names, denied):
            found |= await everybody.denied(column, operation)

    assert found == expected


@cache
def _schema() -> GraphQLSchema:
    return read_supergraph(SUPERGRAPH.read_text()).api_schema


def _ways(everybody: Everybody, column: str) -> list[Way]:
    cells = committed_cells()
    return everybody.prober.ways(lambda field: cells[field][column] is Answer.ALLOWED)


def _of(cells: Cells, type: str, column: str, answer: Answer) -> list[Coordinate]:
    hidden = _internal() if column not in STAFF else frozenset()
    return [
        field
        for field, row in cells.items()
        if field[0] == type and row[column] is answer and field not in hidden
    ]


@cache
def _internal() -> frozenset[Coordinate]:
    """What is no part of the schema for others than staff: see `test_views`."""
    supergraph = read_supergraph(SUPERGRAPH.read_text())
    tagged = [at for at, tags in supergraph.tags.items() if "internal" in tags]
    shown = _fields(visible(supergraph.api_schema, tagged))
    return frozenset(_fields(supergraph.api_schema) - shown)


def _fields(schema: GraphQLSchema) -> set[Coordinate]:
    return {
        (type.name, name)
        for type in schema.type_map.values()
        if isinstance(type, GraphQLObjectType)
        for name in type.fields
    }


def _is_sure(way: Way, field: Coordinate, found: set[Coordinate]) -> bool:
    """A field that should be denied is, once there is an object of its type.

    Roots and nodes are always there; of other types there may be none for this caller.
    """
    return field in found or way.type == "Query" or way.type in NODES


def _first(rows: Rows, table: str) -> UUID:
    found: UUID = rows.all(table)[0]["id"]
    return found


async def _people(database: Database) -> dict[str, str]:
    """E-mail addresses of new people who are nothing but what their column says."""
    password_hash = PasswordHasher().hash(demo.PASSWORD)
    async with database.system() as session:
        accounts = {each.number: each for each in await session.scalars(select(Account))}
    people = {column: a_user(first_name=column) for column in (*MEMBERS, *PARTNERS, *STAFF)}
    memberships: list[Membership] = [
        a_member(accounts[CUSTOMER], people[column], role, case_administrator=column == "CA")
        for column, role in MEMBERS.items()
    ]
    memberships += [
        a_member(accounts[PARTNER], people[column], role) for column, role in PARTNERS.items()
    ]
    desks = [staff(people[column], desk) for column, desk in STAFF.items()]
    credentials = [
        Credential(user_id=user.id, password_hash=password_hash) for user in people.values()
    ]
    await kept(database, *people.values(), *credentials, *memberships, *desks)
    return {column: user.email for column, user in people.items()}


async def _machines(database: Database) -> dict[str, tuple[str, str]]:
    """Ids and secrets of an administrator's client that may do all it can, and of a dashboard."""
    async with database.system() as session:
        account = await session.scalar(select(Account).where(Account.number == CUSTOMER))
        creator = await session.scalar(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(User.first_name == "AD", Membership.role == Role.ADMINISTRATOR)
        )
    assert account is not None
    assert creator is not None
    made: dict[str, tuple[str, str]] = {}
    for column, account_id, scopes in (
        ("API", account.id, capabilities.MACHINES),
        ("DASH", None, capabilities.DASHBOARD),
    ):
        secret = secrets.token_urlsafe()
        client = ApiClient(
            account_id=account_id,
            name=column,
            scopes=sorted(scopes),
            secret_hash=hash_of(secret),
            created_by_id=creator.id,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        await kept(database, client)
        made[column] = (to_global("cli", client.id), secret)
    return made


async def _signed_in(client: Client, email: str) -> Client:
    body = {"email": email, "password": demo.PASSWORD}
    url = f"{client.portal.url}/auth/sign-in"
    async with client.session.post(url, json=body) as response:
        answer = await response.json()
    client.headers["authorization"] = f"Bearer {answer['accessToken']}"
    return client


async def _with_token(client: Client, id: str, secret: str) -> Client:
    form = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
    async with client.session.post(f"{client.portal.url}/auth/token", data=form) as response:
        answer = await response.json()
    client.headers["authorization"] = f"Bearer {answer['access_token']}"
    return client
