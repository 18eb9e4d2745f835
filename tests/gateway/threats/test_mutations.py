"""Of a mutation that is denied nothing is done (A19, A20)."""

import pytest

from tests.support.asking import TRANSPORTS, Asking
from tests.support.company import FINANCE, PAY

#: A mutation does not go over GET, whoever asks.
_WRITING = [name for name in TRANSPORTS if name != "get"]


@pytest.mark.parametrize("ask", _WRITING, indirect=True)
@pytest.mark.parametrize(
    "text",
    [
        'mutation { pay(id: "e1") { id } }',
        'mutation { x: pay(id: "e1") { id } }',
        'mutation { ... on Mutation { pay(id: "e1") { id } } }',
        'mutation { ...F } fragment F on Mutation { hire: pay(id: "e1") { id } }',
        "mutation { open { id } }",
        'mutation { greet pay(id: "e1") { id } }',
        'mutation { pay(id: "e1") { id } greet }',
        'mutation { greet hire(name: "n") { id } open { gold } }',
    ],
)
async def test_a_denied_field_stops_the_whole_mutation(ask: Asking, text: str) -> None:
    answer = await ask(text)

    assert answer.calls == ()
    assert set(answer.codes) == {"FORBIDDEN_FIELD"}
    assert answer.data is None


@pytest.mark.parametrize("ask", _WRITING, indirect=True)
async def test_every_denied_field_of_a_mutation_is_told(ask: Asking) -> None:
    answer = await ask('mutation { greet a: pay(id: "e1") { id } b: open { id } }')

    assert answer.denied == ["a", "b"]


@pytest.mark.parametrize("ask", _WRITING, indirect=True)
async def test_what_a_mutation_gives_back_is_filtered_and_what_it_does_is_done_once(
    ask: Asking,
) -> None:
    answer = await ask('mutation { hire(name: "n") { name salary } }')

    assert answer.data == {"hire": {"name": "Ada", "salary": None}}
    assert answer.denied == ["hire.salary"]
    assert [call.subgraph for call in answer.calls] == ["people"]
    assert "salary" not in answer.asked


@pytest.mark.parametrize("ask", _WRITING, indirect=True)
@pytest.mark.parametrize("pay", [True, False])
async def test_a_denied_field_that_a_condition_leaves_out_stops_nothing(
    ask: Asking, pay: bool
) -> None:
    text = 'mutation M($pay: Boolean!) { greet pay(id: "e1") @include(if: $pay) { id } }'

    answer = await ask(text, variables={"pay": pay})

    assert (answer.calls == ()) is pay
    assert (answer.data is None) is pay


@pytest.mark.parametrize("ask", _WRITING, indirect=True)
async def test_who_may_do_both_does_both_in_their_order(ask: Asking) -> None:
    answer = await ask('mutation { pay(id: "e1") { id salary } open { gold } }', PAY, FINANCE)

    assert answer.data == {"pay": {"id": "e1", "salary": 9001}, "open": {"gold": 9999}}
    assert answer.codes == []


@pytest.mark.parametrize("ask", ["get"], indirect=True)
async def test_a_mutation_does_not_go_in_a_url(ask: Asking) -> None:
    answer = await ask('mutation { pay(id: "e1") { id } }', PAY)

    assert answer.codes == ["METHOD_NOT_ALLOWED"]
    assert answer.calls == ()
