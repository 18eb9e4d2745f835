"""Interfaces that implement interfaces, and fragments on interfaces other than the field's own:
which types are meant is decided by the whole schema, what may be said by the subgraph's.
"""

from tests.support.federation import Federation, Subgraph, by, never

PARK = """
type Query { things: [Thing!]! animals: [Animal!]! alive: [Alive] }
interface Thing { id: ID! }
interface Alive implements Thing { id: ID! age: Int }
interface Animal implements Alive & Thing { id: ID! age: Int legs: Int! }
type Bear implements Animal & Alive & Thing @key(fields: "id") { id: ID! age: Int legs: Int! }
type Crane implements Animal & Alive & Thing @key(fields: "id") { id: ID! age: Int legs: Int! }
type Oak implements Alive & Thing @key(fields: "id") { id: ID! age: Int rings: Int! }
type Bench implements Thing @key(fields: "id") { id: ID! }
"""
GUIDE = """
interface Named { name: String! }
interface Shy implements Named { name: String! hides: String }
type Bear implements Named & Shy @key(fields: "id") { id: ID! name: String! hides: String }
type Oak implements Named @key(fields: "id") { id: ID! name: String! }
"""
FUND = """
interface Thing { id: ID! }
interface Alive implements Thing { id: ID! sponsors: [String!]! }
interface Animal implements Alive & Thing { id: ID! sponsors: [String!]! }
type Bear implements Animal & Alive & Thing @key(fields: "id") { id: ID! sponsors: [String!]! }
type Crane implements Animal & Alive & Thing @key(fields: "id") { id: ID! sponsors: [String!]! }
type Oak implements Alive & Thing @key(fields: "id") { id: ID! sponsors: [String!]! }
"""

BEAR = {"__typename": "Bear", "id": "b", "age": 7, "legs": 4}
CRANE = {"__typename": "Crane", "id": "c", "age": 3, "legs": 2}
OAK = {"__typename": "Oak", "id": "o", "age": 210, "rings": 209}
BENCH = {"__typename": "Bench", "id": "x"}


def a_park() -> Federation:
    closed = dict.fromkeys(("Bear", "Crane", "Oak", "Bench"), never)
    return Federation(
        {
            "park": Subgraph(
                PARK,
                {
                    "Query": {
                        "things": [BEAR, BENCH, OAK],
                        "animals": [BEAR, CRANE],
                        "alive": [OAK, None, CRANE],
                    }
                },
                closed,
            ),
            "guide": Subgraph(
                GUIDE,
                references={
                    "Bear": by("id", [{"id": "b", "name": "Baloo", "hides": "cave"}]),
                    "Oak": by("id", [{"id": "o", "name": "Old Tom"}]),
                },
            ),
            "fund": Subgraph(
                FUND,
                references={
                    "Bear": by("id", [{"id": "b", "sponsors": ["Ann"]}]),
                    "Crane": by("id", [{"id": "c", "sponsors": []}]),
                    "Oak": by("id", [{"id": "o", "sponsors": ["Bob", "Cy"]}]),
                },
            ),
        }
    )


async def test_a_fragment_on_a_narrower_interface_means_its_types() -> None:
    park = a_park()
    text = "{ things { id ... on Alive { age } ... on Animal { legs } } }"

    answer = await park.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "things": [{"id": "b", "age": 7, "legs": 4}, {"id": "x"}, {"id": "o", "age": 210}]
    }
    assert park.asked == ["park"]


async def test_a_fragment_on_an_interface_that_the_subgraph_does_not_have_means_its_types() -> None:
    park = a_park()
    text = "{ things { ... on Named { name } } }"

    answer = await park.answer(text)

    assert answer.errors == []
    assert answer.data == {"things": [{"name": "Baloo"}, {}, {"name": "Old Tom"}]}
    assert park.plan(text) == (
        """\
#0 park
    {
      things {
        __typename
        ... on Bear {
          id
        }
        ... on Oak {
          id
        }
      }
    }
#1 guide, after #0
  $r0: things.@, Bear | Oak by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Bear {
          name
        }
        ... on Oak {
          name
        }
      }
    }"""
    )


async def test_a_fragment_between_interfaces_that_share_one_type_means_that_type() -> None:
    park = a_park()

    answer = await park.answer("{ animals { legs ... on Shy { hides } } }")

    assert answer.errors == []
    assert answer.data == {"animals": [{"legs": 4, "hides": "cave"}, {"legs": 2}]}
    assert park.representations == [{"__typename": "Bear", "id": "b"}]


async def test_fragments_inside_fragments_mean_the_types_that_all_have_in_common() -> None:
    park = a_park()

    answer = await park.answer(
        "{ things { ... on Alive { ... on Animal { ... on Named { kind: __typename name } } } } }"
    )

    assert answer.errors == []
    assert answer.data == {"things": [{"kind": "Bear", "name": "Baloo"}, {}, {}]}


async def test_a_field_of_an_interface_elsewhere_is_asked_for_its_types_here() -> None:
    park = a_park()

    answer = await park.answer("{ alive { age sponsors } }")

    assert answer.errors == []
    assert answer.data == {
        "alive": [{"age": 210, "sponsors": ["Bob", "Cy"]}, None, {"age": 3, "sponsors": []}]
    }
    assert park.asked == ["park", "fund"]


async def test_a_field_of_a_wider_interface_is_asked_below_a_narrower_one() -> None:
    park = a_park()

    answer = await park.answer("{ animals { sponsors ... on Thing { id } } }")

    assert answer.errors == []
    assert answer.data == {
        "animals": [{"sponsors": ["Ann"], "id": "b"}, {"sponsors": [], "id": "c"}]
    }


async def test_one_field_through_interfaces_of_both_subgraphs_is_asked_once() -> None:
    park = a_park()

    answer = await park.answer(
        "{ things { ... on Alive { sponsors } ... on Named { name ... on Bear { sponsors } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "things": [
            {"sponsors": ["Ann"], "name": "Baloo"},
            {},
            {"sponsors": ["Bob", "Cy"], "name": "Old Tom"},
        ]
    }
    assert park.resolved["fund.Bear.sponsors"] == 1


async def test_types_that_are_asked_nothing_are_not_looked_up() -> None:
    park = a_park()

    answer = await park.answer("{ animals { ... on Crane { id } ... on Bear { name } } }")

    assert answer.errors == []
    assert answer.data == {"animals": [{"name": "Baloo"}, {"id": "c"}]}
    assert park.representations == [{"__typename": "Bear", "id": "b"}]


async def test_introspection_tells_every_interface_of_a_type() -> None:
    park = a_park()

    answer = await park.answer('{ __type(name: "Bear") { interfaces { name } } }')

    assert answer.data is not None
    assert {each["name"] for each in answer.data["__type"]["interfaces"]} == {
        "Alive",
        "Animal",
        "Named",
        "Shy",
        "Thing",
    }
