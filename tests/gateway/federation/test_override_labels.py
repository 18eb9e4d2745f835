"""A progressive @override: while its label is active the field is the new owner's, else it is
the old one's. Which labels are active is part of what is planned.
"""

from textwrap import dedent

import pytest

from gateway.graph.labels import Labels
from tests.support.federation import Federation, Subgraph, by

OLD = """
    type Query { train: Train trains: [Train!]! delays: Int }
    type Train @key(fields: "id") {
      id: ID!
      track: Int
      crew: Int
      fare: Int
    }
"""
NEW = """
    type Query { newTrain: Train delays: Int @override(from: "old", label: "root") }
    type Train @key(fields: "id") {
      id: ID!
      track: Int @override(from: "old", label: "tracks")
      crew: Int @override(from: "old", label: "percent(30)")
      fare: Int @override(from: "old", label: "percent(70.5)")
    }
"""


def a_railway() -> Federation:
    old = {"id": "1", "track": 1, "crew": 1, "fare": 1}
    new = {"id": "1", "track": 2, "crew": 2, "fare": 2}
    return Federation(
        {
            "old": Subgraph(
                OLD,
                {"Query": {"train": old, "trains": [old], "delays": 1}},
                {"Train": by("id", [old])},
            ),
            "new": Subgraph(
                NEW,
                {"Query": {"newTrain": new, "delays": 2}},
                {"Train": by("id", [new])},
            ),
        }
    )


@pytest.mark.parametrize(
    ("labels", "track", "asked"), [([], 1, ["old"]), (["tracks"], 2, ["old", "new"])]
)
async def test_the_label_decides_who_answers(
    labels: list[str], track: int, asked: list[str]
) -> None:
    railway = a_railway()

    answer = await railway.answer("{ train { track } }", labels=labels)

    assert (answer.data, answer.errors) == ({"train": {"track": track}}, [])
    assert railway.asked == asked


@pytest.mark.parametrize(
    ("labels", "track", "asked"), [([], 1, ["new", "old"]), (["tracks"], 2, ["new"])]
)
async def test_from_the_new_owner_it_is_the_other_way_round(
    labels: list[str], track: int, asked: list[str]
) -> None:
    railway = a_railway()

    answer = await railway.answer("{ newTrain { track } }", labels=labels)

    assert (answer.data, answer.errors) == ({"newTrain": {"track": track}}, [])
    assert railway.asked == asked


@pytest.mark.parametrize(("labels", "delays", "owner"), [([], 1, "old"), (["root"], 2, "new")])
async def test_a_root_field_changes_hands_too(labels: list[str], delays: int, owner: str) -> None:
    railway = a_railway()

    answer = await railway.answer("{ delays }", labels=labels)

    assert (answer.data, railway.asked) == ({"delays": delays}, [owner])


async def test_each_label_is_for_its_own_fields() -> None:
    railway = a_railway()

    answer = await railway.answer("{ train { track crew fare } }", labels=["percent(30)"])

    assert answer.data == {"train": {"track": 1, "crew": 2, "fare": 1}}


async def test_a_label_that_no_field_has_changes_nothing() -> None:
    railway = a_railway()

    answer = await railway.answer("{ train { track } }", labels=["of another schema"])

    assert (answer.data, railway.asked) == ({"train": {"track": 1}}, ["old"])


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (0.0, {"crew": 2, "fare": 2}),
        (0.299, {"crew": 2, "fare": 2}),
        (0.3, {"crew": 1, "fare": 2}),
        (0.7049, {"crew": 1, "fare": 2}),
        (0.705, {"crew": 1, "fare": 1}),
        (0.999, {"crew": 1, "fare": 1}),
    ],
)
async def test_a_percentage_is_of_the_requests(drawn: float, expected: dict[str, int]) -> None:
    railway = a_railway()
    labels = Labels(railway.graph.supergraph, draw=lambda: drawn)

    answer = await railway.answer("{ train { crew fare } }", labels=labels.active())

    assert answer.data == {"train": expected}


def test_an_active_label_costs_a_request_only_where_its_field_is_asked_for() -> None:
    railway = a_railway()

    assert railway.plan("{ train { id } }", labels=["tracks"]) == dedent(
        """\
        #0 old
            {
              train {
                id
              }
            }"""
    )


GALLERY = """
    type Query { hung: [Exhibit!]! }
    interface Exhibit { id: ID! insured: Int }
    type Painting implements Exhibit @key(fields: "id") { id: ID! insured: Int }
    type Vase implements Exhibit @key(fields: "id") { id: ID! insured: Int }
"""
INSURER = """
    type Query { policies: [Exhibit!]! }
    interface Exhibit { id: ID! insured: Int }
    type Painting implements Exhibit @key(fields: "id") {
      id: ID!
      insured: Int @override(from: "gallery", label: "sums")
    }
"""


def a_gallery() -> Federation:
    here = {"__typename": "Painting", "id": "p", "insured": 1}
    there = {"__typename": "Painting", "id": "p", "insured": 900}
    vase = {"__typename": "Vase", "id": "v", "insured": 5}
    return Federation(
        {
            "gallery": Subgraph(
                GALLERY, {"Query": {"hung": [here, vase]}}, {"Painting": by("id", [here])}
            ),
            "insurer": Subgraph(
                INSURER, {"Query": {"policies": [there]}}, {"Painting": by("id", [there])}
            ),
        }
    )


@pytest.mark.parametrize(
    ("labels", "text", "expected", "asked"),
    [
        ([], "{ hung { insured } }", {"hung": [{"insured": 1}, {"insured": 5}]}, ["gallery"]),
        (
            ["sums"],
            "{ hung { insured } }",
            {"hung": [{"insured": 900}, {"insured": 5}]},
            ["gallery", "insurer"],
        ),
        ([], "{ policies { insured } }", {"policies": [{"insured": 1}]}, ["insurer", "gallery"]),
        (["sums"], "{ policies { insured } }", {"policies": [{"insured": 900}]}, ["insurer"]),
    ],
)
async def test_an_interface_is_answered_where_its_types_fields_are_now(
    labels: list[str], text: str, expected: object, asked: list[str]
) -> None:
    gallery = a_gallery()

    answer = await gallery.answer(text, labels=labels)

    assert (answer.data, answer.errors) == (expected, [])
    assert gallery.asked == asked
