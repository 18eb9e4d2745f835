"""The key of a type that a subgraph extends is at hand there though it is @external; other
external fields are not, unless the path provides them. Both federations, both spellings; what the
supergraph calls an extension is an entity like any other.
"""

import pytest

from tests.support.composition import FEDERATION
from tests.support.federation import NEVER, Federation, Subgraph, by

WRITERS = """
type Query { writer: Writer }
type Writer @key(fields: "id") { id: ID! name: String! SHAREABLE born: Int }
"""
POEMS = """
POEMS_QUERY { latest: Writer prized: Writer @provides(fields: "name") }
POEMS_WRITER @key(fields: "id") {
  id: ID! @external
  name: String! @external
  poems: [String!]!
}
"""

SPELLINGS = [
    pytest.param((link, shareable, f"{before} Query{after}", f"{before} Writer{after}"), id=id)
    for id, link, shareable, before, after in (
        ("1-extend", "", "", "extend type", ""),
        ("1-@extends", "", "", "type", " @extends"),
        ("2-extend", FEDERATION, "@shareable", "extend type", ""),
        ("2-@extends", FEDERATION, "@shareable", "type", " @extends"),
    )
]

INGER = {"id": "1", "name": "Inger", "born": 1929}
OLAV = {"id": "2", "name": "Olav", "born": 1908}


Spelling = tuple[str, str, str, str]


def a_magazine(spelling: Spelling) -> Federation:
    link, shareable, query, writer = spelling
    latest = {"id": "1", "name": NEVER, "poems": ["Blå"]}
    prized = {"id": "2", "name": "Olav", "poems": ["Is-slottet"]}
    return Federation(
        {
            "writers": Subgraph(
                WRITERS.replace("SHAREABLE", shareable),
                {"Query": {"writer": INGER}},
                {"Writer": by("id", [INGER, OLAV])},
                link,
            ),
            "poems": Subgraph(
                POEMS.replace("POEMS_QUERY", query).replace("POEMS_WRITER", writer),
                {"Query": {"latest": latest, "prized": prized}},
                {"Writer": by("id", [latest, {**prized, "name": NEVER}])},
                link,
            ),
        }
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_an_external_key_is_at_hand(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ latest { id poems } }")

    assert answer.errors == []
    assert answer.data == {"latest": {"id": "1", "poems": ["Blå"]}}
    assert magazine.asked == ["poems"]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_an_external_field_is_fetched_from_its_owner(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)
    text = "{ latest { id name poems } }"

    answer = await magazine.answer(text)

    assert answer.errors == []
    assert answer.data == {"latest": {"id": "1", "name": "Inger", "poems": ["Blå"]}}
    assert magazine.plan(text) == (
        """\
#0 poems
    {
      latest {
        id
        poems
        __typename
      }
    }
#1 writers, after #0
  $r0: latest, Writer by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Writer {
          name
        }
      }
    }"""
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_provided_field_is_taken_on_the_path_that_provides_it(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ prized { id name } }")

    assert answer.errors == []
    assert answer.data == {"prized": {"id": "2", "name": "Olav"}}
    assert magazine.asked == ["poems"]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_one_path_provides_nothing_for_the_other(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ prized { name } latest { name } }")

    assert answer.errors == []
    assert answer.data == {"prized": {"name": "Olav"}, "latest": {"name": "Inger"}}
    assert magazine.asked == ["poems", "writers"]
    assert magazine.representations == [{"__typename": "Writer", "id": "1"}]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_roots_of_both_subgraphs_are_asked_at_the_same_time(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)
    text = "{ writer { name born } latest { poems } }"

    answer = await magazine.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "writer": {"name": "Inger", "born": 1929},
        "latest": {"poems": ["Blå"]},
    }
    assert magazine.rounds(text) == "poems+writers"


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_the_extension_is_entered_from_the_owner(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ writer { name poems } }")

    assert answer.errors == []
    assert answer.data == {"writer": {"name": "Inger", "poems": ["Blå"]}}
    assert magazine.asked == ["writers", "poems"]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_both_directions_in_one_operation_cross_each_other(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)
    text = "{ writer { poems } latest { born } }"

    answer = await magazine.answer(text)

    assert answer.errors == []
    assert answer.data == {"writer": {"poems": ["Blå"]}, "latest": {"born": 1929}}
    assert magazine.rounds(text) == "poems+writers > poems+writers"


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_provided_field_and_one_that_is_not_cost_one_request(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ prized { name born poems } }")

    assert answer.errors == []
    assert answer.data == {"prized": {"name": "Olav", "born": 1908, "poems": ["Is-slottet"]}}
    assert magazine.asked == ["poems", "writers"]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_many_entities_of_an_extension_are_one_request(spelling: Spelling) -> None:
    magazine = a_magazine(spelling)

    answer = await magazine.answer("{ a: latest { born } b: prized { born } c: latest { name } }")

    assert answer.errors == []
    assert answer.data == {"a": {"born": 1929}, "b": {"born": 1908}, "c": {"name": "Inger"}}
    assert magazine.asked == ["poems", "writers"]
