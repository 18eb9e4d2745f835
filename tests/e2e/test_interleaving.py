"""Many callers at once, over every cache: nobody gets what is another's (A26, A27, A28).

All ask the same documents with the same variables about the same objects, and subgraphs answer
with the mark of who asks. So a value that came from a cache, a shared request or a plan of
somebody else shows.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientSession, TCPConnector
from redis.asyncio import Redis
from strawberry.types.execution import ExecutionResult

from gateway.authentication.authenticator import Authenticator
from gateway.authentication.callers import Unauthenticated
from gateway.authentication.credentials import Credentials
from gateway.authentication.principals import Caller, Principals
from gateway.authentication.tokens import TokenVerifier
from gateway.pipeline import OperationRequest, Pipeline, assemble
from gateway.settings import EngineSettings
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import Connections, SubgraphRequest
from kit.contract import Capability
from kit.principal import Principal
from kit.relay import stream_of
from tests.support.guarded_gateway import Backend, a_backend, a_gateway
from tests.support.issuing import ISSUER, Issuer, a_key, a_principal
from tests.support.marking import MARKED, marked

_CALLERS: Final = 200
_REQUESTS: Final = 20_000
_OVER_HTTP: Final = 2_000
_SCOPES: Final = ("invoice:read", "report:export", "staff:case")

#: What each field asks for.
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "salary": frozenset({"invoice:read"}),
    "desk": frozenset({"staff:case", "report:export"}),
    "rating": frozenset({"report:export"}),
}
_FIELDS: Final = ("salary", "desk", "rating", "critic", "name", "likes")

_QUERY: Final = """
    query People($style: String, $rated: Boolean!) {
      people { id name(style: $style) salary rating @include(if: $rated) likes(of: $style) }
      first: person(id: "1") { id desk other: salary rating critic }
    }
"""
_VARIABLES: Final = tuple(
    {"style": style, "rated": rated} for style in ("plain", "x") for rated in (True, False)
)


@dataclass(frozen=True, slots=True)
class Connection:
    """What the edge knows of a request."""

    caller: Caller | None
    accept_language: str | None = None


@dataclass(slots=True)
class Person:
    """A caller, the sessions it has, and the rights it had since its last request began."""

    principal: Principal
    session_id: str
    token: str
    recent: list[Principal] = field(default_factory=list)

    def expected(self, variables: Mapping[str, Any]) -> list[Any]:
        """The answers that are right by one of its recent rights."""
        return [_expected(each, variables) for each in self.recent]


def a_person(issuer: Issuer, chance: Random) -> Person:
    held = [scope for scope in _SCOPES if chance.random() < 0.5]
    principal, session_id = a_principal(*held), str(uuid4())
    issuer.principals[session_id] = principal
    return Person(principal, session_id, issuer.token(session_id), [principal])


def regranted(principal: Principal, chance: Random) -> Principal:
    held = frozenset(each for each in Capability if each.scope in _SCOPES and chance.random() < 0.5)
    return replace(principal, accounts=dict.fromkeys(principal.accounts, held))


def _expected(principal: Principal, variables: Mapping[str, Any]) -> Any:
    """Worked out by hand from the rules in the schema."""
    style, mark = variables["style"], principal.id

    def seen(name: str, **given: Any) -> str | None:
        permitted = _NEEDED.get(name, frozenset()) <= principal.scopes
        return f"{mark}/{name}{sorted(given.items())}" if permitted else None

    people = [
        {
            "id": id,
            "name": seen("name", style=style),
            "salary": seen("salary"),
            **({"rating": seen("rating")} if variables["rated"] else {}),
            "likes": seen("likes", of=style),
        }
        for id in ("1", "2", "3")
    ]
    first = {
        "id": "1",
        "desk": seen("desk"),
        "other": seen("salary"),
        "rating": seen("rating"),
        "critic": seen("critic"),
    }
    return {"people": people, "first": first}


async def _send(request: SubgraphRequest) -> Mapping[str, Any]:
    await asyncio.sleep(0)  # others go first
    return marked(request)


@pytest.fixture(scope="module")
def supergraph() -> str:
    return Backend(MARKED, origin="http://127.0.0.1:9").supergraph


@dataclass(slots=True)
class Gateway:
    """Authentication and pipeline, as the edge joins them, without a network."""

    issuer: Issuer
    principals: Principals
    authenticator: Authenticator
    pipeline: Pipeline

    async def answer(self, token: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """The answer to who has this token."""
        caller = await self.authenticator.caller(Credentials(token, ambient=False))
        request = OperationRequest(_QUERY, None, variables, Connection(caller))
        return await self.pipeline.answer(request, self.pipeline.prepare(request))


class Time:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_pipeline(supergraph: str, issuer: Issuer, time: Time) -> Gateway:
    principals = Principals(issuer.principal)
    principals.went_live()
    tokens = TokenVerifier(issuer.key_set, issuer=ISSUER, clock=time)
    pipeline = assemble(
        read_supergraph(supergraph), Connections(dict.fromkeys(MARKED, _send)), EngineSettings()
    )
    return Gateway(issuer, principals, Authenticator(tokens, principals), pipeline)


@pytest.mark.timeout(300)
async def test_of_two_hundred_callers_at_once_nobody_gets_what_is_anothers(supergraph: str) -> None:
    issuer, chance = Issuer(), Random(26)
    gateway = a_pipeline(supergraph, issuer, Time())
    people = [a_person(issuer, chance) for _ in range(_CALLERS)]
    foreign: list[Any] = []

    async def ask(person: Person, seed: int) -> None:
        own = Random(seed)
        for _ in range(_REQUESTS // _CALLERS):
            variables = own.choice(_VARIABLES)
            result = await gateway.answer(person.token, variables)
            if result.data not in person.expected(variables):
                foreign.append((person.principal.scopes, result.data))

    async with asyncio.TaskGroup() as group:
        for seed, person in enumerate(people):
            group.create_task(ask(person, seed))

    assert foreign == []


@pytest.mark.timeout(300)
async def test_rights_that_change_meanwhile_are_those_of_the_next_request(supergraph: str) -> None:
    issuer, chance = Issuer(), Random(27)
    gateway = a_pipeline(supergraph, issuer, Time())
    people = [a_person(issuer, chance) for _ in range(_CALLERS)]
    wrong: list[Any] = []

    async def ask(person: Person, seed: int) -> None:
        own = Random(seed)
        for number in range(20):
            if number % 4 == seed % 4:
                person.principal = regranted(person.principal, own)
                issuer.principals[person.session_id] = person.principal
                gateway.principals.forget_principal(str(person.principal.id))
            variables = own.choice(_VARIABLES)
            result = await gateway.answer(person.token, variables)
            if result.data != _expected(person.principal, variables):
                wrong.append((person.principal.scopes, result.data))

    async with asyncio.TaskGroup() as group:
        for seed, person in enumerate(people):
            group.create_task(ask(person, seed))

    assert wrong == []


async def test_a_rotated_key_changes_nobody_into_somebody_else(supergraph: str) -> None:
    issuer, chance, time = Issuer(), Random(28), Time()
    gateway = a_pipeline(supergraph, issuer, time)
    people = [a_person(issuer, chance) for _ in range(_CALLERS)]
    [variables, *_] = _VARIABLES
    before = [await gateway.answer(each.token, variables) for each in people]

    issuer.keys.insert(0, a_key("k2"))
    time.now = 60.0
    renewed = [issuer.token(each.session_id) for each in people]
    during = [
        await gateway.answer(token, variables)
        for pair in zip(renewed, (each.token for each in people), strict=True)
        for token in pair
    ]
    issuer.keys.pop()
    time.now = 1_000.0
    after = [await gateway.answer(token, variables) for token in renewed]

    expected = [_expected(each.principal, variables) for each in people]
    assert [each.data for each in before] == expected
    assert [each.data for each in during] == [each for one in expected for each in (one, one)]
    assert [each.data for each in after] == expected
    with pytest.raises(Unauthenticated):
        await gateway.answer(people[0].token, variables)


@pytest_asyncio.fixture
async def over_http(
    supergraph: str, tmp_path: Path, valkey_url: str
) -> AsyncIterator[tuple[Backend, str]]:
    async with a_backend(MARKED, answer=marked) as backend:
        path = tmp_path / "supergraph.graphql"
        path.write_text(backend.supergraph)
        async with a_gateway(backend, str(path), valkey_url) as origin:
            yield backend, f"{origin}/graphql"


async def _changed(redis: Redis, principal_id: UUID) -> None:
    """What identity's relay writes when somebody's rights change."""
    payload = orjson.dumps({"principal_id": str(principal_id)})
    event: dict[Any, Any] = {
        "id": str(uuid4()),
        "topic": "identity.principal-changed",
        "payload": payload,
    }
    await redis.xadd(stream_of("identity"), event)


@pytest.mark.timeout(300)
async def test_over_connections_that_all_share_nobody_gets_what_is_anothers(
    over_http: tuple[Backend, str], valkey_url: str
) -> None:
    backend, url = over_http
    chance = Random(29)
    people = [a_person(backend.issuer, chance) for _ in range(_CALLERS)]
    foreign: list[Any] = []

    async def ask(session: ClientSession, redis: Redis, person: Person, seed: int) -> None:
        own = Random(seed)
        for number in range(_OVER_HTTP // _CALLERS):
            if number == 5:
                changed = regranted(person.principal, own)
                person.recent.append(changed)
                backend.issuer.principals[person.session_id] = changed
                await _changed(redis, changed.id)
            variables = own.choice(_VARIABLES)
            operation = {"query": _QUERY, "variables": variables}
            headers = {"authorization": f"Bearer {person.token}"}
            async with session.post(url, json=operation, headers=headers) as answer:
                found = (await answer.json(content_type=None)).get("data")
            if found not in person.expected(variables):
                foreign.append((person.principal.scopes, found))

    async with (
        ClientSession(connector=TCPConnector(limit=20)) as session,
        Redis.from_url(valkey_url) as redis,
        asyncio.TaskGroup() as group,
    ):
        for seed, person in enumerate(people):
            group.create_task(ask(session, redis, person, seed))

    assert foreign == []
