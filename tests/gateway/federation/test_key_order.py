"""The answer's keys stand in the order in which the client asks for them (GraphQL 6.3.2), whoever
answers them and in whatever order the requests come back.
"""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph, by

DESK = """
    type Query { lead: Person first: Int people: [Being!]! }
    interface Being { id: ID! }
    type Person implements Being @key(fields: "id") {
      id: ID!
      name: String
      mentor: Person @shareable
    }
    type Robot implements Being @key(fields: "id") { id: ID! volts: Int }
"""
PAY = """
    type Query { second: Int third: Int @shareable }
    type Person @key(fields: "id") { id: ID! pay: Int grade: String mentor: Person @shareable }
"""
ROW = {"__typename": "Person", "id": "1", "name": "Ib", "pay": 7, "grade": "B", "mentor": None}


def an_office() -> Federation:
    robot = {"__typename": "Robot", "id": "r", "volts": 12}
    return Federation(
        {
            "desk": Subgraph(DESK, {"Query": {"lead": ROW, "first": 1, "people": [ROW, robot]}}),
            "pay": Subgraph(PAY, {"Query": {"second": 2, "third": 3}}, {"Person": by("id", [ROW])}),
        }
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{ second lead { id } first }", ["second", "lead", "first"]),
        ("{ first third second }", ["first", "third", "second"]),
        ("{ b: first a: second }", ["b", "a"]),
        (
            "{ third ... { first } ...F } fragment F on Query { second }",
            ["third", "first", "second"],
        ),
        ("{ second __typename first }", ["second", "__typename", "first"]),
    ],
)
async def test_root_fields_keep_their_order(text: str, keys: list[str]) -> None:
    answer = await an_office().answer(text)

    assert answer.data is not None
    assert list(answer.data) == keys


@pytest.mark.parametrize(
    ("selections", "keys"),
    [
        ("pay name grade id", ["pay", "name", "grade", "id"]),
        ("id grade name pay", ["id", "grade", "name", "pay"]),
        ("grade ... on Person { name } pay", ["grade", "name", "pay"]),
        ("pay ... { id } name: id", ["pay", "id", "name"]),
        ("name pay name", ["name", "pay"]),
        ("pay @include(if: false) name grade", ["name", "grade"]),
        ("z: pay y: name x: pay", ["z", "y", "x"]),
    ],
)
async def test_an_objects_fields_keep_their_order(selections: str, keys: list[str]) -> None:
    answer = await an_office().answer(f"{{ lead {{ {selections} }} }}")

    assert answer.errors == []
    assert answer.data is not None
    assert list(answer.data["lead"]) == keys


async def test_fields_of_a_type_stand_where_its_fragment_stands() -> None:
    answer = await an_office().answer(
        "{ people { ... on Person { pay } id ... on Robot { volts } ... on Person { name } } }"
    )

    assert answer.data is not None
    assert [list(each) for each in answer.data["people"]] == [
        ["pay", "id", "name"],
        ["id", "volts"],
    ]


async def test_a_field_asked_twice_stands_where_it_was_asked_first() -> None:
    answer = await an_office().answer("{ lead { mentor { id } name mentor { pay } } }")

    assert answer.data is not None
    assert list(answer.data["lead"]) == ["mentor", "name"]


async def test_what_the_gateway_needs_itself_is_no_key_of_the_answer() -> None:
    answer = await an_office().answer("{ lead { grade } people { ... on Person { pay } } }")

    assert answer.data == {"lead": {"grade": "B"}, "people": [{"pay": 7}, {}]}


def test_who_answers_first_does_not_matter_for_the_order() -> None:
    assert an_office().plan("{ lead { pay name } }") == dedent(
        """\
        #0 desk
            {
              lead {
                name
                id
                __typename
              }
            }
        #1 pay, after #0
          $r0: lead, Person by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Person {
                  pay
                }
              }
            }"""
    )
