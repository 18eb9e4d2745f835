"""An interface is not answered where one of its types has lost the field to an @override.

The subgraph still has the field in its interface and would answer it, wrongly.
"""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph, by, never

HALL = """
    type Query { exhibits: [Exhibit!]! }
    interface Exhibit { id: ID! insured: Int }
    type Painting implements Exhibit @key(fields: "id") { id: ID! insured: Int painter: String }
    type Vase implements Exhibit @key(fields: "id") { id: ID! insured: Int clay: String }
"""
INSURANCE = """
    type Query { policies: [Exhibit!]! }
    interface Exhibit { id: ID! insured: Int }
    type Painting implements Exhibit @key(fields: "id") {
      id: ID!
      insured: Int @override(from: "hall")
    }
    type Tapestry implements Exhibit @key(fields: "id") { id: ID! insured: Int weaver: String }
"""
PAINTINGS = [
    {"__typename": "Painting", "id": "p1", "insured": 900},
    {"__typename": "Painting", "id": "p2", "insured": 800},
]
TAPESTRY = {"__typename": "Tapestry", "id": "t1", "insured": 70, "weaver": "Wim"}


def a_museum() -> Federation:
    exhibits = [
        {"__typename": "Painting", "id": "p1", "painter": "Ada"},
        {"__typename": "Vase", "id": "v1", "insured": 5, "clay": "red"},
        {"__typename": "Painting", "id": "p2", "painter": "Bo"},
    ]
    return Federation(
        {
            "hall": Subgraph(
                HALL, {"Query": {"exhibits": exhibits}, "Painting": {"insured": never}}
            ),
            "insurance": Subgraph(
                INSURANCE,
                {"Query": {"policies": [TAPESTRY, PAINTINGS[0]]}},
                {"Painting": by("id", PAINTINGS)},
            ),
        }
    )


async def test_the_field_is_asked_of_its_new_owner_for_that_type_only() -> None:
    museum = a_museum()

    answer = await museum.answer("{ exhibits { id insured } }")

    assert answer.errors == []
    assert answer.data == {
        "exhibits": [
            {"id": "p1", "insured": 900},
            {"id": "v1", "insured": 5},
            {"id": "p2", "insured": 800},
        ]
    }
    assert [each["id"] for each in museum.representations] == ["p1", "p2"]


def test_the_interfaces_field_is_asked_of_each_type_by_itself() -> None:
    assert a_museum().plan("{ exhibits { id insured } }") == dedent(
        """\
        #0 hall
            {
              exhibits {
                __typename
                id
                ... on Vase {
                  insured
                }
              }
            }
        #1 insurance, after #0
          $r0: exhibits.@, Painting by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Painting {
                  insured
                }
              }
            }"""
    )


async def test_a_type_that_the_subgraph_does_not_have_is_not_asked_for_there() -> None:
    museum = a_museum()

    answer = await museum.answer("{ exhibits { ... on Tapestry { id insured weaver } } }")

    assert (answer.data, answer.errors) == ({"exhibits": [{}, {}, {}]}, [])
    assert museum.asked == ["hall"]
    assert "Tapestry" not in museum.calls[0].document


async def test_fields_that_were_not_taken_over_cost_no_second_request() -> None:
    museum = a_museum()

    answer = await museum.answer(
        "{ exhibits { id ... on Painting { painter } ... on Vase { insured } } }"
    )

    assert answer.data == {
        "exhibits": [
            {"id": "p1", "painter": "Ada"},
            {"id": "v1", "insured": 5},
            {"id": "p2", "painter": "Bo"},
        ]
    }
    assert museum.asked == ["hall"]


async def test_the_new_owner_answers_its_own_interface_at_once() -> None:
    museum = a_museum()

    answer = await museum.answer("{ policies { id insured ... on Tapestry { weaver } } }")

    assert answer.data == {
        "policies": [{"id": "t1", "insured": 70, "weaver": "Wim"}, {"id": "p1", "insured": 900}]
    }
    assert museum.asked == ["insurance"]


async def test_an_alias_of_the_field_keeps_its_name_from_both_subgraphs() -> None:
    museum = a_museum()

    answer = await museum.answer("{ exhibits { sum: insured } }")

    assert answer.data == {"exhibits": [{"sum": 900}, {"sum": 5}, {"sum": 800}]}
