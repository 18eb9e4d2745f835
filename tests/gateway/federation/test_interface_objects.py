"""An @interfaceObject answers an interface's fields for objects of every type.

It does not know the types, so its `__typename` is never believed: who knows the interface is
asked. A type's own field is that type's, even where the interface object has one of this name.
"""

from textwrap import dedent
from typing import Any, Final

from tests.support.federation import NEVER, Federation, Subgraph, by, never

FLEET = """
    type Query { vessels: [Vessel!]! crew: [Sailor!]! }
    interface Vessel @key(fields: "id") { id: ID! }
    type Tug implements Vessel @key(fields: "id") {
      id: ID!
      insured: Boolean! @shareable
      power: Int
    }
    type Ferry implements Vessel @key(fields: "id") { id: ID! }
    interface Sailor @key(fields: "id") { id: ID! name: String }
    type Cook implements Sailor @key(fields: "id") { id: ID! name: String dish: String }
    type Mate implements Sailor @key(fields: "id") { id: ID! name: String }
"""
REGISTER = """
    type Query { registered: [Vessel!]! newest: Vessel }
    type Vessel @key(fields: "id") @interfaceObject { id: ID! name: String sister: Vessel }
"""
COVER = """
    type Query { covered: [Vessel!]! paid: [Sailor!]! }
    type Vessel @key(fields: "id") @interfaceObject { id: ID! insured: Boolean! @shareable }
    type Sailor @key(fields: "id") @interfaceObject { id: ID! wage: Int }
"""
VESSELS: Final[list[dict[str, Any]]] = [
    {"__typename": "Tug", "id": "t", "insured": True, "power": 900},
    {"__typename": "Ferry", "id": "f"},
]
CREW = [
    {"__typename": "Cook", "id": "c", "name": "Ole", "dish": "soup"},
    {"__typename": "Mate", "id": "m", "name": "Kari"},
]
LIE = {"__typename": NEVER}


def a_harbour() -> Federation:
    names: list[dict[str, Any]] = [{"id": "t", "name": "Hercules"}, {"id": "f", "name": "Bastø"}]
    names[0]["sister"] = names[1]
    covers = [{"id": "t", "insured": False}, {"id": "f", "insured": False}]
    wages = [{"id": "c", "wage": 30}, {"id": "m", "wage": 40}]
    return Federation(
        {
            "fleet": Subgraph(
                FLEET,
                {"Query": {"vessels": VESSELS, "crew": CREW}},
                {
                    "Vessel": by("id", VESSELS),
                    "Tug": by("id", VESSELS[:1]),
                    "Ferry": by("id", VESSELS[1:]),
                    "Sailor": by("id", CREW),
                    "Cook": by("id", CREW[:1]),
                    "Mate": by("id", CREW[1:]),
                },
            ),
            "register": Subgraph(
                REGISTER,
                {"Query": {"registered": names, "newest": names[0]}, "Vessel": LIE},
                {"Vessel": by("id", names)},
            ),
            "cover": Subgraph(
                COVER,
                {"Query": {"covered": covers, "paid": wages}, "Vessel": LIE, "Sailor": LIE},
                {"Vessel": by("id", covers), "Sailor": by("id", wages)},
            ),
        }
    )


async def test_the_interface_objects_own_fields_need_no_types() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ registered { id name } }")

    assert answer.data == {
        "registered": [{"id": "t", "name": "Hercules"}, {"id": "f", "name": "Bastø"}]
    }
    assert harbour.asked == ["register"]


async def test_objects_of_every_type_enter_by_the_interfaces_name() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ vessels { name } crew { wage } }")

    assert answer.errors == []
    assert answer.data == {
        "vessels": [{"name": "Hercules"}, {"name": "Bastø"}],
        "crew": [{"wage": 30}, {"wage": 40}],
    }
    assert {each["__typename"] for each in harbour.representations} == {"Vessel", "Sailor"}


async def test_the_type_is_asked_of_who_knows_it() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ registered { name __typename } }")

    assert answer.errors == []
    assert answer.data == {
        "registered": [
            {"name": "Hercules", "__typename": "Tug"},
            {"name": "Bastø", "__typename": "Ferry"},
        ]
    }
    assert harbour.asked == ["register", "fleet"]


def test_a_type_is_learned_by_the_interfaces_key() -> None:
    assert a_harbour().plan("{ newest { __typename } }") == dedent(
        """\
        #0 register
            {
              newest {
                id
              }
            }
        #1 fleet, after #0
          $r0: newest, any type as Vessel by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Vessel {
                  __typename
                }
              }
            }"""
    )


async def test_a_field_of_the_interface_is_the_interface_objects_for_all_types() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ covered { id insured } }")

    assert answer.data == {
        "covered": [{"id": "t", "insured": False}, {"id": "f", "insured": False}]
    }
    assert harbour.asked == ["cover"]


async def test_a_types_own_field_is_asked_of_the_type() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ registered { id ... on Tug { power } } }")

    assert answer.errors == []
    assert answer.data == {"registered": [{"id": "t", "power": 900}, {"id": "f"}]}
    assert harbour.asked == ["register", "fleet"]


async def test_a_type_that_has_the_interface_objects_field_itself_answers_with_its_own() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ covered { id ... on Tug { insured } } }")

    assert answer.errors == []
    assert answer.data == {"covered": [{"id": "t", "insured": True}, {"id": "f"}]}
    assert harbour.asked == ["cover", "fleet"]


async def test_a_fragment_on_a_type_is_answered_by_the_interface_object_for_it_only() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ registered { ... on Tug { name } } }")

    assert answer.errors == []
    assert answer.data == {"registered": [{"name": "Hercules"}, {}]}
    assert harbour.asked == ["register", "fleet", "register"]
    assert harbour.representations[2:] == [{"__typename": "Vessel", "id": "t"}]


async def test_what_is_of_one_type_is_not_asked_about_others() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ vessels { id ... on Ferry { name } } }")

    assert answer.data == {"vessels": [{"id": "t"}, {"id": "f", "name": "Bastø"}]}
    assert harbour.representations == [{"__typename": "Vessel", "id": "f"}]


async def test_an_empty_fragment_match_leaves_an_empty_object() -> None:
    answer = await a_harbour().answer("{ registered { ... on Tug { __typename } } }")

    assert answer.data == {"registered": [{"__typename": "Tug"}, {}]}


async def test_a_known_type_is_not_overwritten_by_what_an_interface_object_says() -> None:
    answer = await a_harbour().answer(
        "{ vessels { name __typename } crew { wage type: __typename } }"
    )

    assert answer.data == {
        "vessels": [
            {"name": "Hercules", "__typename": "Tug"},
            {"name": "Bastø", "__typename": "Ferry"},
        ],
        "crew": [{"wage": 30, "type": "Cook"}, {"wage": 40, "type": "Mate"}],
    }


async def test_one_interface_object_leads_to_another() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ registered { name insured } }")

    assert answer.errors == []
    assert answer.data == {
        "registered": [
            {"name": "Hercules", "insured": False},
            {"name": "Bastø", "insured": False},
        ]
    }
    assert harbour.asked == ["register", "cover"]


async def test_an_interface_object_within_another_has_its_own_type() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        "{ newest { __typename sister { __typename ... on Ferry { name } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "newest": {"__typename": "Tug", "sister": {"__typename": "Ferry", "name": "Bastø"}}
    }


async def test_a_field_that_all_types_have_is_asked_of_the_interface() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ paid { wage name ... on Cook { dish } } }")

    assert answer.errors == []
    assert answer.data == {
        "paid": [{"wage": 30, "name": "Ole", "dish": "soup"}, {"wage": 40, "name": "Kari"}]
    }
    assert harbour.asked == ["cover", "fleet"]


async def test_an_object_of_which_nobody_knows_the_type_is_null_where_the_type_matters() -> None:
    harbour = Federation(
        {
            "fleet": Subgraph(FLEET, references={"Vessel": lambda _: None}),
            "register": Subgraph(REGISTER, {"Query": {"newest": {"id": "x", "name": "Ghost"}}}),
            "cover": Subgraph(COVER),
        }
    )

    answer = await harbour.answer("{ newest { name } typed: newest { name ... on Tug { power } } }")

    assert (answer.data, answer.errors) == ({"newest": {"name": "Ghost"}, "typed": None}, [])


async def test_a_type_that_cannot_be_learned_is_one_error() -> None:
    harbour = Federation(
        {
            "fleet": Subgraph(FLEET, references={"Vessel": never}),
            "register": Subgraph(REGISTER, {"Query": {"newest": {"id": "x", "name": "Ghost"}}}),
            "cover": Subgraph(COVER),
        }
    )

    answer = await harbour.answer("{ newest { name ... on Tug { power } } }")

    assert answer.data == {"newest": None}
    assert answer.faults == [("SUBGRAPH_ERROR", "newest")]
