"""What is @inaccessible works behind the gateway and does not exist for clients.

They cannot ask for it, send it, or be answered with it; requirements may use it.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by

GARDEN = """
    type Query { herb: Herb herbs: [Herb!]! rare(filter: Filter): Int }
    type Herb @key(fields: "id") {
      id: ID!
      kin(degree: Degree = NEAR @inaccessible): String
      taste: Taste
      tastes: [Taste]
      known: [Taste!]
      grower: Grower
      growers: [Grower!]
      recipe: String @inaccessible
    }
    enum Taste { BITTER SWEET POISON @inaccessible }
    enum Degree @inaccessible { NEAR FAR }
    union Grower = Farm | Lab
    type Farm { name: String }
    type Lab @inaccessible { name: String }
    input Filter { colour: String poisonous: Boolean = false @inaccessible }
"""
SHOP = """
    type Herb @key(fields: "id") {
      id: ID!
      recipe: String @external
      label: String @requires(fields: "recipe")
    }
"""


def a_garden(**herb: Any) -> Federation:
    found = {"id": "1", "recipe": "steep", **herb}
    return Federation(
        {
            "garden": Subgraph(
                GARDEN,
                {
                    "Query": {
                        "herb": found,
                        "herbs": [found],
                        "rare": lambda _, filter=None: int((filter or {})["poisonous"]),
                    },
                    "Herb": {"kin": lambda _, degree: f"{degree} kin"},
                },
                {"Herb": by("id", [found])},
            ),
            "shop": Subgraph(SHOP, {"Herb": {"label": lambda herb: f"To {herb['recipe']}"}}),
        }
    )


@pytest.mark.parametrize(
    "text",
    [
        "{ herb { recipe } }",
        "{ herb { kin(degree: FAR) } }",
        "{ rare(filter: {poisonous: true}) }",
        "{ herb { grower { ... on Lab { name } } } }",
        "query ($degree: Degree) { herb { kin(degree: $degree) } }",
    ],
)
async def test_nothing_hidden_can_be_named(text: str) -> None:
    garden = a_garden()

    answer = await garden.answer(text)

    assert answer.data is None
    assert {code for code, _ in answer.faults} == {"GRAPHQL_VALIDATION_FAILED"}
    assert garden.asked == []


async def test_a_hidden_input_field_cannot_be_sent_in_a_variable() -> None:
    garden = a_garden()

    answer = await garden.answer(
        "query ($filter: Filter) { rare(filter: $filter) }", {"filter": {"poisonous": True}}
    )

    assert [code for code, _ in answer.faults] == ["BAD_USER_INPUT"]
    assert garden.asked == []


async def test_the_subgraph_fills_in_its_default_for_what_cannot_be_sent() -> None:
    garden = a_garden()

    answer = await garden.answer('{ herb { kin } rare(filter: {colour: "red"}) }')

    assert (answer.data, answer.errors) == ({"herb": {"kin": "NEAR kin"}, "rare": 0}, [])
    assert "degree" not in garden.calls[0].document


async def test_a_hidden_field_is_required_without_being_shown() -> None:
    answer = await a_garden().answer("{ herb { label } }")

    assert (answer.data, answer.errors) == ({"herb": {"label": "To steep"}}, [])


def test_the_hidden_field_is_part_of_the_plan() -> None:
    assert a_garden().plan("{ herb { label } }") == dedent(
        """\
        #0 garden
            {
              herb {
                id
                recipe
                __typename
              }
            }
        #1 shop, after #0
          $r0: herb, Herb by {id recipe}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Herb {
                  label
                }
              }
            }"""
    )


async def test_a_hidden_enum_value_comes_out_as_null() -> None:
    answer = await a_garden(taste="POISON", tastes=["SWEET", "POISON"]).answer(
        "{ herb { taste tastes } }"
    )

    assert answer.data == {"herb": {"taste": None, "tastes": ["SWEET", None]}}
    assert all("POISON" not in str(error) for error in answer.errors)


async def test_a_hidden_enum_value_where_no_null_may_be_takes_the_list() -> None:
    answer = await a_garden(known=["SWEET", "POISON"]).answer("{ herb { id known } }")

    assert answer.data == {"herb": {"id": "1", "known": None}}


async def test_an_object_of_a_hidden_type_comes_out_as_null() -> None:
    answer = await a_garden(grower={"__typename": "Lab", "name": "X"}).answer(
        "{ herb { grower { __typename ... on Farm { name } } } }"
    )

    assert answer.data == {"herb": {"grower": None}}
    assert "Lab" not in str(answer.errors)


async def test_an_object_of_a_hidden_type_where_no_null_may_be_takes_the_list() -> None:
    growers = [{"__typename": "Farm", "name": "F"}, {"__typename": "Lab", "name": "X"}]

    answer = await a_garden(growers=growers).answer("{ herb { id growers { __typename } } }")

    assert answer.data == {"herb": {"id": "1", "growers": None}}


async def test_introspection_does_not_know_what_is_hidden() -> None:
    answer = await a_garden().answer(
        """{
          __schema { types { name } }
          herb: __type(name: "Herb") { fields { name args { name } } }
          taste: __type(name: "Taste") { enumValues { name } }
          grower: __type(name: "Grower") { possibleTypes { name } }
          filter: __type(name: "Filter") { inputFields { name } }
          lab: __type(name: "Lab") { name }
        }"""
    )

    assert answer.data is not None
    names = {each["name"] for each in answer.data["__schema"]["types"]}
    assert names.isdisjoint({"Lab", "Degree"})
    assert "recipe" not in {each["name"] for each in answer.data["herb"]["fields"]}
    assert all(each["args"] == [] for each in answer.data["herb"]["fields"])
    assert answer.data["taste"]["enumValues"] == [{"name": "BITTER"}, {"name": "SWEET"}]
    assert answer.data["grower"]["possibleTypes"] == [{"name": "Farm"}]
    assert answer.data["filter"]["inputFields"] == [{"name": "colour"}]
    assert answer.data["lab"] is None
