"""Types that clients may ask alike can differ in one subgraph's own schema, where the same key
for both would not be valid: there one of them goes by another name, which nobody sees.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by

INTAKE = """
type Query { callers: [Citizen!]! }
type Citizen @shareable { number: ID mark: Mark kin: [Party] }
type Mark @shareable { text: String }
union Party = Citizen
"""
REGISTRY = """
type Query { parties: [Party!]! }
union Party = Citizen | Company | Club
type Citizen @key(fields: "number") {
  number: ID! @shareable name: String! mark: Mark @shareable kin: [Party!]! @shareable
}
type Company @key(fields: "number") { number: ID name: String! mark: Logo kin: [Party] }
type Club @key(fields: "number") { number: ID name: String! mark: Mark kin: [Party] }
type Mark @shareable { text: String! }
type Logo @shareable { text: String }
"""
TAX = """
type Citizen @key(fields: "number") { number: ID! owed: Int! @shareable }
type Company @key(fields: "number") { number: ID owed: Int }
"""
AUDIT = """
type Citizen @key(fields: "number") { number: ID! owed: Int @shareable }
"""


def a_citizen(number: str, *kin: dict[str, Any]) -> dict[str, Any]:
    return {
        "__typename": "Citizen",
        "number": number,
        "name": f"Citizen {number}",
        "mark": {"text": f"M{number}"},
        "kin": list(kin),
    }


def a_company(number: str | None, *kin: dict[str, Any] | None) -> dict[str, Any]:
    company = {"__typename": "Company", "number": number, "name": f"Company {number}"}
    return {**company, "mark": {"text": None}, "kin": list(kin)}


ANA = a_citizen("1", a_company("20", a_citizen("3", a_company(None))), a_citizen("4"))
ACME = a_company("20", None, a_citizen("3", a_citizen("4")))
PARTIES = (ANA, ACME, a_company(None))


def a_register(parties: tuple[dict[str, Any], ...] = PARTIES) -> Federation:
    owed = [{"number": each, "owed": int(each) * 10} for each in ("1", "3", "4", "20")]
    return Federation(
        {
            "intake": Subgraph(
                INTAKE,
                {"Query": {"callers": [{"number": "1"}, {"number": "4"}]}},
            ),
            "registry": Subgraph(
                REGISTRY,
                {"Query": {"parties": list(parties)}},
                {
                    "Citizen": by("number", [ANA, a_citizen("3"), a_citizen("4")]),
                    "Company": by("number", [ACME]),
                },
            ),
            "tax": Subgraph(
                TAX, references={"Citizen": by("number", owed), "Company": by("number", owed)}
            ),
            "audit": Subgraph(AUDIT, references={"Citizen": by("number", owed)}),
        }
    )


async def test_a_field_that_is_never_null_for_one_type_goes_by_another_name() -> None:
    register = a_register()
    text = "{ parties { ... on Citizen { number } ... on Company { number } } }"

    answer = await register.answer(text)

    assert answer.errors == []
    assert answer.data == {"parties": [{"number": "1"}, {"number": "20"}, {"number": None}]}
    assert register.asked == ["registry"]
    assert register.plan(text) == (
        """\
#0 registry
    {
      parties {
        __typename
        ... on Citizen {
          number
        }
        ... on Company {
          __pc1_number: number
        }
      }
    }"""
    )


async def test_the_client_may_call_both_by_one_alias() -> None:
    register = a_register()

    answer = await register.answer(
        "{ parties { ... on Citizen { is: number } ... on Company { is: number } } }"
    )

    assert answer.errors == []
    assert answer.data == {"parties": [{"is": "1"}, {"is": "20"}, {"is": None}]}


async def test_lists_of_unions_differ_at_every_level() -> None:
    register = a_register()
    text = """
    { parties { ...Level1 } }
    fragment Level1 on Party {
      ... on Citizen { number kin { ...Level2 } } ... on Company { number kin { ...Level2 } }
    }
    fragment Level2 on Party {
      ... on Citizen { number kin { ...Level3 } } ... on Company { number kin { ...Level3 } }
    }
    fragment Level3 on Party {
      ... on Citizen { number kin { ...Level4 } } ... on Company { number kin { ...Level4 } }
    }
    fragment Level4 on Party { ... on Citizen { number } ... on Company { number } }
    """

    answer = await register.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "parties": [
            {
                "number": "1",
                "kin": [
                    {
                        "number": "20",
                        "kin": [{"number": "3", "kin": [{"number": None}]}],
                    },
                    {"number": "4", "kin": []},
                ],
            },
            {
                "number": "20",
                "kin": [None, {"number": "3", "kin": [{"number": "4", "kin": []}]}],
            },
            {"number": None, "kin": []},
        ]
    }
    assert register.asked == ["registry"]


async def test_objects_of_different_types_differ_below_the_same_key() -> None:
    register = a_register()

    answer = await register.answer(
        "{ parties { ... on Citizen { mark { text } } ... on Company { mark { text } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "parties": [{"mark": {"text": "M1"}}, {"mark": {"text": None}}, {"mark": {"text": None}}]
    }


async def test_the_other_name_is_a_key_like_any_other() -> None:
    register = a_register((ANA, ACME))
    text = "{ parties { ... on Citizen { number owed } ... on Company { number owed } } }"

    answer = await register.answer(text)

    assert answer.errors == []
    assert answer.data == {"parties": [{"number": "1", "owed": 10}, {"number": "20", "owed": 200}]}
    assert register.asked == ["registry", "tax"]


async def test_an_entity_whose_key_is_null_stays_without_what_lies_behind_it() -> None:
    register = a_register((a_company(None),))

    answer = await register.answer("{ parties { ... on Company { name owed } } }")

    assert answer.data == {"parties": [{"name": "Company None", "owed": None}]}
    assert register.asked == ["registry"]


async def test_an_error_names_the_key_that_the_client_uses() -> None:
    register = a_register((ANA, {**ACME, "mark": {}}))

    answer = await register.answer(
        "{ parties { ... on Citizen { mark { text } } ... on Company { mark { text } } } }"
    )

    assert answer.data == {"parties": [{"mark": {"text": "M1"}}, {"mark": {"text": None}}]}
    assert answer.faults == [("SUBGRAPH_ERROR", "parties.1.mark.text")]


async def test_a_null_is_told_by_the_key_that_the_client_uses() -> None:
    register = a_register(({**ANA, "number": None}, ACME))

    answer = await register.answer(
        "{ parties { ... on Citizen { number } ... on Company { number } } }"
    )

    assert answer.data is None
    assert answer.faults == [("SUBGRAPH_ERROR", "parties.0.number")]


async def test_a_value_without_a_key_is_followed_to_where_it_is_an_entity() -> None:
    register = a_register()

    answer = await register.answer("{ callers { number name } }")

    assert answer.errors == []
    assert answer.data == {
        "callers": [{"number": "1", "name": "Citizen 1"}, {"number": "4", "name": "Citizen 4"}]
    }
    assert register.representations == [
        {"__typename": "Citizen", "number": "1"},
        {"__typename": "Citizen", "number": "4"},
    ]


async def test_types_that_do_not_differ_keep_their_names() -> None:
    register = a_register()
    text = "{ parties { ... on Company { number } ... on Club { number } } }"

    assert register.plan(text) == (
        """\
#0 registry
    {
      parties {
        __typename
        ... on Club {
          number
        }
        ... on Company {
          number
        }
      }
    }"""
    )


async def test_what_lies_below_a_list_with_another_name_is_followed_further() -> None:
    register = a_register()

    answer = await register.answer(
        """{ parties {
          ... on Citizen { kin { ... on Citizen { owed } ... on Company { owed } } }
          ... on Company { kin { ... on Citizen { owed } } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "parties": [
            {"kin": [{"owed": 200}, {"owed": 40}]},
            {"kin": [None, {"owed": 30}]},
            {"kin": []},
        ]
    }
    assert register.asked == ["registry", "tax"]


async def test_an_error_below_a_list_with_another_name_has_the_clients_path() -> None:
    broken = a_company("20", None, {**a_citizen("3"), "mark": {"text": None}})
    register = a_register((ANA, broken))

    answer = await register.answer(
        """{ parties {
          ... on Citizen { kin { ... on Citizen { mark { text } } } }
          ... on Company { kin { ... on Citizen { mark { text } } } }
        } }"""
    )

    assert answer.data == {
        "parties": [
            {"kin": [{}, {"mark": {"text": "M4"}}]},
            {"kin": [None, {"mark": None}]},
        ]
    }
    assert answer.faults == [("SUBGRAPH_ERROR", "parties.1.kin.1.mark.text")]


async def test_three_types_of_two_shapes_need_one_other_name() -> None:
    register = a_register((ANA, ACME, {**a_company("9"), "__typename": "Club", "mark": None}))

    answer = await register.answer(
        """{ parties {
          ... on Citizen { number kin { __typename } mark { text } }
          ... on Company { number kin { __typename } mark { text } }
          ... on Club { number kin { __typename } mark { text } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "parties": [
            {
                "number": "1",
                "kin": [{"__typename": "Company"}, {"__typename": "Citizen"}],
                "mark": {"text": "M1"},
            },
            {"number": "20", "kin": [None, {"__typename": "Citizen"}], "mark": {"text": None}},
            {"number": "9", "kin": [], "mark": None},
        ]
    }
