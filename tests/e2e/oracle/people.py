"""The demo users, signed in, and what the oracle says that they should see."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from graphql import ExecutionResult, GraphQLSchema

from gateway.supergraph.reader import read_supergraph
from portal import demo
from portal.subgraphs import SUPERGRAPH
from tests.e2e.oracle import billing, cases, identity, licensing  # noqa: F401  they register
from tests.e2e.oracle.answers import Reader, answer
from tests.e2e.oracle.rights import person_of
from tests.e2e.oracle.rows import Rows
from tests.support.running_portal import Client, RunningPortal

LOGINS = [user.email.partition("@")[0] for user in demo.USERS]

_OPERATIONS = Path(__file__).parent.parent / "operations"


def operation(name: str) -> str:
    """What a client sends."""
    return (_OPERATIONS / f"{name}.graphql").read_text()


@dataclass(frozen=True)
class Everybody:
    """All demo users, signed in, and everything that the databases hold since."""

    clients: Mapping[str, Client]
    rows: Rows
    schema: GraphQLSchema

    def reader(self, login: str) -> Reader:
        person = person_of(self.rows, f"{login}@example.com")
        return Reader(self.rows, person, datetime.now(UTC))

    def expected(self, login: str, text: str, variables: Mapping[str, Any]) -> ExecutionResult:
        return answer(self.schema, self.reader(login), text, variables)

    async def reread(self) -> "Everybody":
        """The same people, with what the databases hold now."""
        [client, *_] = self.clients.values()
        return replace(self, rows=await Rows.read(client.portal.database_urls))


@asynccontextmanager
async def everybody_of(portal: RunningPortal) -> AsyncIterator[Everybody]:
    """All demo users of a portal."""
    async with ClientSession() as session:
        clients = {login: await portal.client(session).signed_in(login) for login in LOGINS}
        rows = await Rows.read(portal.database_urls)
        schema = read_supergraph(SUPERGRAPH.read_text()).api_schema
        yield Everybody(clients, rows, schema)


async def agree(everybody: Everybody, login: str, name: str, variables: Mapping[str, Any]) -> None:
    """The portal and the oracle give the same data; what is denied needs a right not held."""
    text = operation(name)

    answered = await everybody.clients[login].ask(text, variables)
    expected = everybody.expected(login, text, variables)

    assert opaque(answered["data"]) == opaque(expected.data)
    person = everybody.reader(login).person
    for error in answered.get("errors", ()):
        assert error["extensions"]["code"] == "FORBIDDEN_FIELD"
        assert not person.holds_any(*capabilities(error["extensions"]["required"]))


def capabilities(required: str) -> list[str]:
    """What one of would have been enough: `case:read:all or staff:case`."""
    return [scope.upper().replace(":", "_") for scope in required.split(" or ")]


def opaque(value: Any) -> Any:
    """The data without what only the portal can know: cursors and signed addresses."""
    if isinstance(value, dict):
        return {
            key: "…" if key in ("endCursor", "downloadUrl") and each else opaque(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [opaque(each) for each in value]
    return value
