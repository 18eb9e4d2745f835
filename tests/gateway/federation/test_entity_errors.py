"""An entity's errors come back with the path of the client's object, one for each null.

The subgraph knows a list of representations; the client must never hear of it.
"""

from textwrap import dedent
from typing import Any, ClassVar

import pytest

from tests.support.federation import Federation, Subgraph

HIVES = """
    type Query { hives: [Hive!]! best: Hive queen: Bee }
    type Hive @key(fields: "id") { id: ID! queen: Bee }
    type Bee @key(fields: "id") { id: ID! hive: Hive }
"""
HONEY = """
    type Hive @key(fields: "id") { id: ID! kilos: Int sure: Int! harvests: [Harvest!] }
    type Harvest { year: Int jars: Int! }
"""
WEATHER = """
    type Hive @key(fields: "id") { id: ID! rain: Int }
"""


class Refused(Exception):
    """A refusal by a subgraph, with a code that clients may read."""

    extensions: ClassVar = {"code": "BAD_USER_INPUT", "hidden": "of the subgraph"}


def an_apiary(*rows: dict[str, Any] | Exception | None) -> Federation:
    """With one hive for each row of the honey; an error is what the subgraph says instead."""
    hives: list[dict[str, Any]] = [{"id": str(at)} for at in range(len(rows))]
    for hive in hives:
        hive["queen"] = {"id": "b", "hive": hives[0]}
    return Federation(
        {
            "hives": Subgraph(
                HIVES,
                {"Query": {"hives": hives, "best": hives[0], "queen": hives[0]["queen"]}},
            ),
            "honey": Subgraph(HONEY, references={"Hive": lambda each: rows[int(each["id"])]}),
            "weather": Subgraph(WEATHER, {"Hive": {"rain": 3}}),
        }
    )


def test_the_entities_of_one_place_are_one_list() -> None:
    assert an_apiary(None).plan("{ hives { kilos } }") == dedent(
        """\
        #0 hives
            {
              hives {
                id
                __typename
              }
            }
        #1 honey, after #0
          $r0: hives.@, Hive by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Hive {
                  kilos
                }
              }
            }"""
    )


async def test_an_error_of_one_entity_is_told_at_that_object() -> None:
    answer = await an_apiary({"kilos": 1}, {"kilos": Refused("Sold.")}).answer(
        "{ hives { kilos } }"
    )

    assert answer.data == {"hives": [{"kilos": 1}, {"kilos": None}]}
    assert answer.errors == [
        {
            "message": "Sold.",
            "path": ["hives", 1, "kilos"],
            "extensions": {"code": "BAD_USER_INPUT", "service": "honey"},
        }
    ]


async def test_an_error_without_a_code_for_clients_keeps_its_words_to_itself() -> None:
    answer = await an_apiary({"kilos": ValueError("table honey_2 is locked")}).answer(
        "{ best { kilos } }"
    )

    assert answer.faults == [("SUBGRAPH_ERROR", "best.kilos")]
    assert "honey_2" not in str(answer.errors)


async def test_an_alias_of_the_client_is_in_the_path() -> None:
    answer = await an_apiary({"kilos": Refused()}).answer("{ top: best { mass: kilos } }")

    assert answer.data == {"top": {"mass": None}}
    assert answer.faults == [("BAD_USER_INPUT", "top.mass")]


async def test_an_error_deep_in_an_entity_keeps_the_rest_of_its_path() -> None:
    harvests = [{"year": 1, "jars": 5}, {"year": Refused(), "jars": 6}]

    answer = await an_apiary({"harvests": harvests}).answer("{ best { harvests { year jars } } }")

    assert answer.data == {
        "best": {"harvests": [{"year": 1, "jars": 5}, {"year": None, "jars": 6}]}
    }
    assert answer.faults == [("BAD_USER_INPUT", "best.harvests.1.year")]


async def test_an_error_that_took_objects_above_it_is_told_where_it_began() -> None:
    harvests = [{"year": 1, "jars": 5}, {"year": 2, "jars": Refused()}]

    answer = await an_apiary({"harvests": harvests}).answer("{ best { id harvests { jars } } }")

    assert answer.data == {"best": {"id": "0", "harvests": None}}
    assert answer.faults == [("BAD_USER_INPUT", "best.harvests.1.jars")]


async def test_one_entity_in_several_places_has_an_error_in_each() -> None:
    answer = await an_apiary({"kilos": Refused()}, {"kilos": 7}).answer(
        "{ best { kilos } hives { kilos queen { hive { kilos } } } }"
    )

    lost = {"queen": {"hive": {"kilos": None}}}
    assert answer.data == {
        "best": {"kilos": None},
        "hives": [{"kilos": None, **lost}, {"kilos": 7, **lost}],
    }
    assert sorted(path for _, path in answer.faults) == [
        "best.kilos",
        "hives.0.kilos",
        "hives.0.queen.hive.kilos",
        "hives.1.queen.hive.kilos",
    ]


async def test_a_reference_that_fails_costs_that_entitys_fields() -> None:
    answer = await an_apiary({"kilos": 1, "harvests": []}, Refused("Gone.")).answer(
        "{ hives { id kilos harvests { year } } }"
    )

    assert answer.data == {
        "hives": [
            {"id": "0", "kilos": 1, "harvests": []},
            {"id": "1", "kilos": None, "harvests": None},
        ]
    }
    assert {path for _, path in answer.faults} == {"hives.1.kilos", "hives.1.harvests"}


async def test_a_non_null_field_of_an_unknown_entity_takes_the_entity_without_an_error() -> None:
    answer = await an_apiary(None).answer("{ best { id sure } }")

    assert (answer.data, answer.errors) == ({"best": None}, [])


async def test_a_failed_non_null_field_rises_to_where_null_may_be() -> None:
    answer = await an_apiary({"sure": 1}, {"sure": Refused()}).answer(
        "{ hives { sure } queen { id hive { sure } } }"
    )

    assert answer.data is None
    assert answer.faults == [("BAD_USER_INPUT", "hives.1.sure")]


async def test_lists_of_one_request_have_each_their_own_errors() -> None:
    apiary = an_apiary({"kilos": 1, "harvests": Refused()}, {"kilos": 2, "harvests": []})

    answer = await apiary.answer("{ best { kilos harvests { year } } hives { harvests { year } } }")

    assert answer.data == {
        "best": {"kilos": 1, "harvests": None},
        "hives": [{"harvests": None}, {"harvests": []}],
    }
    assert sorted(path for _, path in answer.faults) == ["best.harvests", "hives.0.harvests"]
    assert apiary.asked == ["hives", "honey"]


async def test_subgraphs_that_fail_beside_each_other_are_both_told() -> None:
    apiary = an_apiary({"kilos": Refused()})

    answer = await apiary.answer("{ best { kilos rain } queen { id } }")

    assert answer.data == {"best": {"kilos": None, "rain": 3}, "queen": {"id": "b"}}
    assert answer.faults == [("BAD_USER_INPUT", "best.kilos")]


@pytest.mark.parametrize(
    "text", ["{ hives { kilos } }", "{ best { kilos } queen { hive { kilos } } }"]
)
async def test_no_path_names_the_list_of_representations(text: str) -> None:
    answer = await an_apiary({"kilos": Refused()}, Refused()).answer(text)

    assert answer.errors != []
    assert "_entities" not in str(answer.errors)
    assert "hidden" not in str(answer.errors)
