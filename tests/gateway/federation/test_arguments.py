"""Arguments reach the subgraph that has the field, as they were written: literals as literals,
variables as variables with the type and the default that the client gave them.
"""

from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph

SEARCH = """
type Query {
  echo(text: String, near: Near, kinds: [Kind!], n: Int, f: Float, on: Boolean): Hit!
  say(any: Said): Said
  add(left: Int!, right: Int! = 5, all: [Int!]! = [1, 2]): Int!
}
input Near { place: String! within: Int = 5 also: [Near!] }
enum Kind { SHOP CAFE }
type Hit @key(fields: "id") { id: ID! said: Said! }
scalar Said
"""
DETAILS = """
type Hit @key(fields: "id") { id: ID! more(text: String = "hi", kinds: [Kind!], near: Near): Said }
input Near { place: String! within: Int = 5 also: [Near!] }
enum Kind { SHOP CAFE }
scalar Said
"""


def a_search() -> Federation:
    return Federation(
        {
            "search": Subgraph(
                SEARCH,
                {
                    "Query": {
                        "echo": lambda _, **given: {"id": "1", "said": given},
                        "say": lambda _, any=None: any,
                        "add": lambda _, left, right, all: left + right + sum(all),
                    }
                },
            ),
            "details": Subgraph(DETAILS, {"Hit": {"more": lambda _, **given: given}}),
        }
    )


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ('text: "a\\"b\\\\c\\n\\u00e9"', {"text": 'a"b\\c\né'}),
        ('text: """block "quoted" \\""" text"""', {"text": 'block "quoted" """ text'}),
        ('text: ""', {"text": ""}),
        ("text: null", {"text": None}),
        ("n: 0, on: false", {"n": 0, "on": False}),
        ("n: -2147483648, f: 1e-3", {"n": -2147483648, "f": 0.001}),
        ("f: 3", {"f": 3.0}),
        ("kinds: [SHOP, CAFE]", {"kinds": ["SHOP", "CAFE"]}),
        ("kinds: CAFE", {"kinds": ["CAFE"]}),
        ("kinds: []", {"kinds": []}),
        ('near: { place: "x" }', {"near": {"place": "x", "within": 5}}),
        (
            'near: { place: "x", within: null, also: { place: "y" } }',
            {"near": {"place": "x", "within": None, "also": [{"place": "y", "within": 5}]}},
        ),
    ],
)
async def test_a_literal_is_passed_on_as_it_is(arguments: str, given: dict[str, Any]) -> None:
    search = a_search()

    answer = await search.answer(f"{{ echo({arguments}) {{ said }} }}")

    assert answer.errors == []
    assert answer.data == {"echo": {"said": given}}
    assert search.calls[0].variables == {}


async def test_a_variable_reaches_every_subgraph_that_it_is_for_and_no_other() -> None:
    search = a_search()
    text = """query ($near: Near, $kinds: [Kind!], $n: Int) {
      echo(near: $near, n: $n) { said more(near: $near, kinds: $kinds) }
    }"""
    near = {"place": "Ghent", "within": 1}

    answer = await search.answer(text, {"near": near, "kinds": ["CAFE"], "n": 3})

    assert answer.errors == []
    assert answer.data == {
        "echo": {
            "said": {"near": near, "n": 3},
            "more": {"text": "hi", "near": near, "kinds": ["CAFE"]},
        }
    }
    assert search.plan(text) == (
        """\
#0 search
    query ($near: Near, $n: Int) {
      echo(n: $n, near: $near) {
        said
        id
        __typename
      }
    }
#1 details, after #0
  $r0: echo, Hit by {id}
    query ($near: Near, $kinds: [Kind!], $r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Hit {
          more(kinds: $kinds, near: $near)
        }
      }
    }"""
    )


async def test_a_variable_inside_a_literal_is_passed_on() -> None:
    search = a_search()

    answer = await search.answer(
        """query ($place: String!, $within: Int = 9, $kind: Kind!) {
          echo(near: { place: $place, also: [{ place: "z", within: $within }] }, kinds: [$kind]) {
            said
          }
        }""",
        {"place": "Ghent", "kind": "SHOP"},
    )

    assert answer.errors == []
    assert answer.data == {
        "echo": {
            "said": {
                "near": {"place": "Ghent", "within": 5, "also": [{"place": "z", "within": 9}]},
                "kinds": ["SHOP"],
            }
        }
    }


@pytest.mark.parametrize(
    ("variables", "given"),
    [({}, {"text": "hi"}), ({"t": None}, {"text": None}), ({"t": ""}, {"text": ""})],
)
async def test_a_variable_that_is_not_given_is_not_one_that_is_null(
    variables: dict[str, Any], given: dict[str, Any]
) -> None:
    search = a_search()

    answer = await search.answer("query ($t: String) { echo { more(text: $t) } }", variables)

    assert answer.errors == []
    assert answer.data == {"echo": {"more": given}}


@pytest.mark.parametrize(
    ("variables", "given"),
    [({}, {"text": "hello"}), ({"t": None}, {"text": None}), ({"t": "x"}, {"text": "x"})],
)
async def test_a_default_stands_for_a_variable_that_is_not_given(
    variables: dict[str, Any], given: dict[str, Any]
) -> None:
    search = a_search()

    answer = await search.answer(
        'query ($t: String = "hello") { echo { more(text: $t) } }', variables
    )

    assert answer.errors == []
    assert answer.data == {"echo": {"more": given}}


@pytest.mark.parametrize(
    "variables",
    [{"near": {}}, {"near": {"place": 1}}, {"near": {"place": "x", "who": 1}}, {"near": "x"}],
)
async def test_a_variable_of_another_type_is_refused(variables: dict[str, Any]) -> None:
    search = a_search()

    answer = await search.answer("query ($near: Near) { echo(near: $near) { said } }", variables)

    assert answer.data is None
    assert {code for code, _ in answer.faults} == {"BAD_USER_INPUT"}
    assert search.asked == []


async def test_a_single_value_for_a_list_is_a_list_of_one() -> None:
    search = a_search()

    answer = await search.answer(
        "query ($kinds: [Kind!]) { echo(kinds: $kinds) { said } }", {"kinds": "SHOP"}
    )

    assert answer.errors == []
    assert answer.data == {"echo": {"said": {"kinds": ["SHOP"]}}}


async def test_the_same_arguments_in_another_order_are_one_field() -> None:
    search = a_search()

    answer = await search.answer(
        '{ echo(n: 1, text: "x") { said } ... { echo(text: "x", n: 1) { id } } }'
    )

    assert answer.errors == []
    assert answer.data == {"echo": {"said": {"n": 1, "text": "x"}, "id": "1"}}


async def test_one_field_with_three_sets_of_arguments_is_one_request() -> None:
    search = a_search()

    answer = await search.answer(
        """query ($t: String!) { echo {
          a: more(text: "a") b: more(text: $t) c: more more(text: "a")
        } }""",
        {"t": "b"},
    )

    assert answer.errors == []
    assert answer.data == {
        "echo": {
            "a": {"text": "a"},
            "b": {"text": "b"},
            "c": {"text": "hi"},
            "more": {"text": "a"},
        }
    }
    assert search.asked == ["search", "details"]


@pytest.mark.parametrize(
    ("text", "variables", "sum"),
    [
        ("query ($n: Int = 1) { add(left: $n) }", {}, 9),
        ("query ($n: Int = 1) { add(left: $n) }", {"n": 2}, 10),
        ("query ($n: Int! = 1, $m: Int! = 1) { add(left: $n, right: $m) }", {"m": 3}, 7),
        ("query ($m: Int) { add(left: 1, right: $m) }", {}, 9),
        ("query ($m: Int) { add(left: 1, right: $m) }", {"m": 1}, 5),
        ("query ($n: Int!, $m: Int = 4) { add(left: $n, all: [$n, $m]) }", {"n": 2}, 13),
        ("query ($all: [Int!] = [7]) { add(left: 1, all: $all) }", {}, 13),
        ("query ($all: [Int!]) { add(left: 1, all: $all) }", {"all": []}, 6),
    ],
)
async def test_a_default_makes_a_variable_good_enough_for_what_cannot_be_null(
    text: str, variables: dict[str, Any], sum: int
) -> None:
    search = a_search()

    answer = await search.answer(text, variables)

    assert answer.errors == []
    assert answer.data == {"add": sum}


async def test_a_default_does_not_hide_a_null_that_is_given() -> None:
    search = a_search()

    answer = await search.answer("query ($n: Int = 1) { add(left: $n) }", {"n": None})

    assert answer.data is None
    assert len(answer.errors) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ say(any: 1.50) }", 1.5),
        ('{ say(any: "x") }', "x"),
        ("{ say(any: [1, [true, null], {}]) }", [1, [True, None], {}]),
        ("query ($n: Int) { say(any: { a: { b: WORD }, c: $n }) }", {"a": {"b": "WORD"}, "c": 3}),
        ("query ($n: Int) { say(any: [$n, [$n]]) }", [3, [3]]),
        ("query ($any: Said) { say(any: $any) }", {"deep": [{"er": None}]}),
    ],
)
async def test_a_custom_scalar_takes_any_literal(text: str, said: Any) -> None:
    search = a_search()

    answer = await search.answer(text, {"n": 3, "any": {"deep": [{"er": None}]}})

    assert answer.errors == []
    assert answer.data == {"say": said}


async def test_variables_that_nobody_declared_are_ignored() -> None:
    search = a_search()

    answer = await search.answer("{ say(any: 1) }", {"n": 3})

    assert answer.data == {"say": 1}
    assert search.calls[0].variables == {}
