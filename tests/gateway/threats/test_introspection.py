"""What the schema hides is not there for whom it is hidden from (A35, B6)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from gateway.persisted.rights import Registrants
from kit.contract import PrincipalKind
from tests.support.asking import TRANSPORTS, Asking
from tests.support.guarded_gateway import Backend, a_gateway

_VIEWS = {
    "staff": {"kinds": ["STAFF"], "introspection": True},
    "external": {"hides": ["internal"], "introspection": True},
}
_STAFF = PrincipalKind.STAFF


@pytest_asyncio.fixture(scope="module")
async def viewing(backend: Backend, supergraph: str, valkey_url: str) -> AsyncIterator[str]:
    """A gateway that shows customers less than staff."""
    async with a_gateway(
        backend, supergraph, valkey_url, registrants=Registrants.EVERYBODY, views=_VIEWS
    ) as origin:
        yield f"{origin}/graphql"


@pytest.fixture(params=TRANSPORTS)
def asked(
    request: pytest.FixtureRequest, session: ClientSession, viewing: str, backend: Backend
) -> Asking:
    """Asks the gateway with views."""
    return Asking(session, viewing, None, backend, TRANSPORTS[request.param])


@pytest.mark.parametrize(
    ("hidden", "unknown"),
    [
        ("{ machine { serial } }", "{ maching { serial } }"),
        ("{ x: machine { serial } }", "{ x: maching { serial } }"),
        ("{ counted(raw: true) }", "{ counted(rax: true) }"),
        ('{ __type(name: "Machine") { name } }', '{ __type(name: "Maching") { name } }'),
        (
            "{ people { id } } fragment F on Machine { serial }",
            "{ people { id } } fragment F on Maching { serial }",
        ),
    ],
)
async def test_what_is_hidden_answers_as_what_does_not_exist(
    asked: Asking, hidden: str, unknown: str
) -> None:
    answers = [await asked(text) for text in (hidden, unknown)]

    names = str.maketrans({"x": "w"})
    first, second = (each.text.replace("aching", "achine").translate(names) for each in answers)
    assert first == second.replace("achinge", "achine")
    assert "Did you mean" not in first
    assert [each.calls for each in answers] == [(), ()]


async def test_who_may_see_it_may_ask_for_it_with_the_same_document(asked: Asking) -> None:
    text = "{ machine { serial } }"

    answers = [await asked(text, kind=each) for each in (_STAFF, PrincipalKind.CUSTOMER, _STAFF)]

    assert [each.data for each in answers] == [
        {"machine": {"serial": "secret-serial"}},
        None,
        {"machine": {"serial": "secret-serial"}},
    ]


async def test_the_schema_that_is_told_is_the_callers_own(asked: Asking) -> None:
    text = "{ __schema { types { name fields { name args { name } } enumValues { name } } } }"

    theirs, ours = await asked(text), await asked(text, kind=_STAFF)

    for name in ('"Machine"', '"machine"', '"raw"', '"HIDDEN"'):
        assert name not in theirs.text
        assert name in ours.text


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } staff { salary } }",
        '{ staff { salary } x: __type(name: "Vault") { fields { name } } }',
        "{ ...F staff { salary } } fragment F on Query { __schema { queryType { name } } }",
        "{ ... { ... { __schema { types { name } } } } }",
        "query Q($x: Boolean = true) { __schema @include(if: $x) { types { name } } staff { id } }",
    ],
)
async def test_introspection_that_is_off_is_off_in_a_mixed_document(ask: Asking, text: str) -> None:
    answer = await ask(text)

    assert answer.data is None
    assert set(answer.codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert answer.calls == ()
    assert "Vault" not in answer.text


async def test_introspection_that_is_on_opens_nothing_beside_it(asked: Asking) -> None:
    answer = await asked("{ __schema { queryType { name } } staff { salary } }")

    assert answer.data == {
        "__schema": {"queryType": {"name": "Query"}},
        "staff": [{"salary": None}, {"salary": None}],
    }
    assert answer.denied == ["staff.0.salary", "staff.1.salary"]


async def test_no_field_is_suggested_to_who_guesses(ask: Asking) -> None:
    answer = await ask("{ staff { salari } vaul { gold } }")

    assert "Did you mean" not in answer.text
    assert "salary" not in answer.text.replace("salari", "")
