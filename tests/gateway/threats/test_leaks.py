"""What nobody was asked for and what went wrong tell nothing (A8, A9, A11, A21 to A23, A25)."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from gateway.persisted.rights import Registrants
from tests.support.asking import TRANSPORTS, Asking
from tests.support.company import CASE, PAY
from tests.support.guarded_gateway import Backend, a_gateway
from tests.support.transports import Transport


@pytest.mark.parametrize(
    "text",
    [
        '{ _entities(representations: [{__typename: "Employee", id: "e1"}]) { __typename } }',
        "{ _service { sdl } }",
        "{ people { _entities } }",
        '{ node(id: "e1") { id } }',
    ],
)
async def test_the_way_into_subgraphs_is_none_for_clients(ask: Asking, text: str) -> None:
    answer = await ask(text, PAY)

    assert set(answer.codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert answer.calls == ()


async def test_a_protected_key_joins_and_is_not_shown(ask: Asking) -> None:
    joined = await ask("{ staff { account } }")
    denied = await ask('{ person(id: "e1") { ... on Employee { account number } } }')
    permitted = await ask("{ staff { number } }", CASE)

    assert joined.data["staff"][0] == {"account": "secret-account-1"}
    assert "number" in joined.asked
    assert "number" not in joined.text
    assert denied.denied == ["person.number"]
    assert "secret-number" not in denied.text
    assert permitted.data["staff"][0] == {"number": "secret-number-1"}


async def test_what_breaks_in_a_subgraph_is_told_without_its_words(ask: Asking) -> None:
    answer = await ask("{ guests { id broken } }")

    assert answer.data == {"guests": [{"id": "g1", "broken": None}, {"id": "g2", "broken": None}]}
    assert set(answer.codes) == {"SUBGRAPH_ERROR"}
    assert answer.leaks == []


async def test_what_is_denied_cannot_break(ask: Asking) -> None:
    answer = await ask("{ staff { id broken } }")

    assert set(answer.codes) == {"FORBIDDEN_FIELD"}
    assert "broken" not in answer.asked


async def test_denied_absent_and_failed_are_told_apart(ask: Asking) -> None:
    denied = await ask('{ person(id: "e1") { ... on Employee { salary } } }')
    absent = await ask('{ person(id: "none") { id } }')
    failed = await ask('{ person(id: "g1") { ... on Guest { broken } } }')

    assert [each.codes for each in (denied, absent, failed)] == [
        ["FORBIDDEN_FIELD"],
        [],
        ["SUBGRAPH_ERROR"],
    ]


@pytest_asyncio.fixture(scope="module")
async def silent(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """A gateway that does not tell what is denied from what is not there."""
    views = {"external": {"denials": "absent"}}
    told: dict[str, Any] = {"registrants": Registrants.EVERYBODY, "views": views}
    async with a_gateway(backend, supergraph, valkey_url, **told) as origin:
        yield f"{origin}/graphql"


@pytest.mark.parametrize("transport", TRANSPORTS.values())
@pytest.mark.parametrize(
    "text",
    [
        '{ person(id: "%s") { ... on Employee { badge } } }',
        '{ person(id: "%s") { ... on Employee { x: number account } } }',
    ],
)
async def test_what_is_denied_is_like_what_is_not_there_where_nobody_shall_know(
    session: ClientSession, silent: str, backend: Backend, transport: Transport, text: str
) -> None:
    ask = Asking(session, silent, None, backend, transport)

    denied, absent = [await ask(text % id) for id in ("e1", "none")]

    assert denied.text == absent.text
    assert denied.data == {"person": None}


#: What a subgraph says that was not asked for, by the name of the subgraph.
_EAGER: Final[dict[str, Any]] = {
    "salary": 9001,
    "badge": "secret-badge",
    "__typename": "Employee",
    "extra": {"secret": 9001},
}


@pytest.fixture
def eager(backend: Backend) -> Iterator[None]:
    """Subgraphs that add what nobody asked for to every object."""
    backend.changed = _with_more
    yield
    backend.changed = None


@pytest.fixture
def lying(backend: Backend) -> Iterator[None]:
    """Subgraphs whose guests pose as employees, and employees as guests."""
    backend.changed = _with_other_types
    yield
    backend.changed = None


def _with_more(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_more(each) for each in value]
    if isinstance(value, dict):
        return {**_EAGER, **{key: _with_more(each) for key, each in value.items()}}
    return value


def _with_other_types(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_other_types(each) for each in value]
    if isinstance(value, dict):
        return {key: _with_other_types(each) for key, each in value.items()}
    return {"Guest": "Employee", "Employee": "Guest"}.get(value, value)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    "text",
    [
        "{ people { id name } guests { id } }",
        "{ staff { id name salary badge: desk } }",
        "{ people { ... on Employee { salary extra: grade } } }",
        "{ findings { ... on Secret { text } ... on Note { text } } }",
        "{ staff { id bonus account } }",
    ],
)
async def test_more_than_was_asked_is_dropped(ask: Asking, text: str) -> None:
    answer = await ask(text, anonymous=True)

    assert answer.leaks == []


@pytest.mark.usefixtures("lying")
async def test_a_type_that_is_a_lie_gives_nobody_more_rights(ask: Asking) -> None:
    answer = await ask(
        "{ people { __typename ... on Guest { x: email } ... on Employee { y: email } } }"
    )

    assert answer.leaks == []


@pytest.mark.parametrize("scopes", [(), (PAY,)])
async def test_what_was_denied_before_is_denied_to_nobody_else(
    ask: Asking, scopes: tuple[str, ...]
) -> None:
    text = "{ staff { salary } }"

    answers = [await ask(text, *each) for each in ((), scopes, (), (PAY,), scopes)]

    assert [bool(each.denied) for each in answers] == [True, not scopes, True, False, not scopes]
