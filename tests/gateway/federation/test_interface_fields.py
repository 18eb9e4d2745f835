"""Fields of an interface that its subgraphs do not all have: they are asked for by runtime type,
all types in one request, and an object of another type is left as it is.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, by, never

FLEET = """
type Query { vessels: [Vessel!]! vessel(id: ID!): Vessel }
interface Vessel { id: ID! flag: String hull: Hull }
type Ferry implements Vessel @key(fields: "id") { id: ID! flag: String hull: Hull cars: Int! }
type Tug implements Vessel @key(fields: "id") { id: ID! flag: String hull: Hull pull: Int! }
type Hull @shareable { length: Int! draught: Int! }
"""

LOG = """
interface Vessel { id: ID! voyages(last: Int): [Voyage!]! }
type Ferry implements Vessel @key(fields: "id") { id: ID! voyages(last: Int): [Voyage!]! }
type Tug implements Vessel @key(fields: "id") { id: ID! voyages(last: Int): [Voyage!]! }
type Voyage { port: String! master: Officer }
type Officer @key(fields: "number") { number: ID! }
"""

HARBOUR = """
interface Vessel { id: ID! dues(port: String!): Int }
type Ferry implements Vessel @key(fields: "id") {
  id: ID! hull: Hull @external dues(port: String!): Int @requires(fields: "hull { length draught }")
}
type Tug implements Vessel @key(fields: "id") {
  id: ID! hull: Hull @external dues(port: String!): Int @requires(fields: "hull { length draught }")
}
type Hull @shareable { length: Int! draught: Int! }
"""

FERRIES = 'type Ferry @key(fields: "id") { id: ID! name: String! }'
CREW = 'type Officer @key(fields: "number") { number: ID! name: String! }'

VESSELS = (
    {
        "__typename": "Ferry",
        "id": "f1",
        "flag": "NO",
        "hull": {"length": 90, "draught": 4},
        "cars": 120,
    },
    {
        "__typename": "Tug",
        "id": "t1",
        "flag": "NL",
        "hull": {"length": 30, "draught": 5},
        "pull": 60,
    },
)
VOYAGES: dict[str, list[Any]] = {
    "f1": [
        {"port": "Bergen", "master": {"number": "7"}},
        {"port": "Hirtshals", "master": {"number": "8"}},
    ],
    "t1": [{"port": "Rotterdam", "master": None}],
}


def voyages(vessel: dict[str, Any], last: int | None = None) -> list[Any]:
    return VOYAGES[vessel["id"]][:last]


def dues(vessel: dict[str, Any], port: str) -> int:
    length, draught = vessel["hull"]["length"], vessel["hull"]["draught"]
    return int(length * draught) + len(port)


def a_harbour() -> Federation:
    return Federation(
        {
            "fleet": Subgraph(
                FLEET,
                {
                    "Query": {
                        "vessels": VESSELS,
                        "vessel": lambda _, id: by("id", VESSELS)({"__typename": "", "id": id}),
                    }
                },
                {"Ferry": never, "Tug": never},
            ),
            "log": Subgraph(LOG, {"Ferry": {"voyages": voyages}, "Tug": {"voyages": voyages}}),
            "harbour": Subgraph(HARBOUR, {"Ferry": {"dues": dues}, "Tug": {"dues": dues}}),
            "ferries": Subgraph(
                FERRIES, references={"Ferry": by("id", [{"id": "f1", "name": "Color Line"}])}
            ),
            "crew": Subgraph(
                CREW,
                references={
                    "Officer": by(
                        "number", [{"number": "7", "name": "Ida"}, {"number": "8", "name": "Per"}]
                    )
                },
            ),
        }
    )


async def test_a_field_that_another_subgraph_has_costs_one_request_for_all_types() -> None:
    harbour = a_harbour()
    text = "{ vessels { id voyages { port } } }"

    answer = await harbour.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "vessels": [
            {"id": "f1", "voyages": [{"port": "Bergen"}, {"port": "Hirtshals"}]},
            {"id": "t1", "voyages": [{"port": "Rotterdam"}]},
        ]
    }
    assert harbour.asked == ["fleet", "log"]
    assert harbour.plan(text) == (
        """\
#0 fleet
    {
      vessels {
        __typename
        id
      }
    }
#1 log, after #0
  $r0: vessels.@, Ferry | Tug by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Ferry {
          voyages {
            port
          }
        }
        ... on Tug {
          voyages {
            port
          }
        }
      }
    }"""
    )


async def test_the_field_is_followed_further() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ vessels { voyages { master { name } } } }")

    assert answer.errors == []
    assert answer.data == {
        "vessels": [
            {"voyages": [{"master": {"name": "Ida"}}, {"master": {"name": "Per"}}]},
            {"voyages": [{"master": None}]},
        ]
    }
    assert harbour.asked == ["fleet", "log", "crew"]


async def test_a_field_of_one_type_is_asked_for_objects_of_that_type_only() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ vessels { flag ... on Ferry { name } } }")

    assert answer.errors == []
    assert answer.data == {"vessels": [{"flag": "NO", "name": "Color Line"}, {"flag": "NL"}]}
    assert harbour.representations == [{"__typename": "Ferry", "id": "f1"}]


async def test_no_object_of_the_type_means_no_request() -> None:
    harbour = a_harbour()

    answer = await harbour.answer('{ vessel(id: "t1") { ... on Ferry { name } } }')

    assert answer == type(answer)({"vessel": {}}, [])
    assert harbour.asked == ["fleet"]


async def test_the_same_field_under_each_types_fragment_is_one_request() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        "{ vessels { ... on Ferry { voyages { port } } ... on Tug { voyages { port } } } }"
    )

    assert answer.errors == []
    assert harbour.asked == ["fleet", "log"]


async def test_one_root_field_under_two_aliases_keeps_their_arguments_apart() -> None:
    harbour = a_harbour()
    text = """
    query ($port: String!) {
      ferry: vessel(id: "f1") { dues(port: "Oslo") }
      tug: vessel(id: "t1") { dues(port: $port) }
    }"""

    answer = await harbour.answer(text, {"port": "Rotterdam"})

    assert answer.errors == []
    assert answer.data == {"ferry": {"dues": 90 * 4 + 4}, "tug": {"dues": 30 * 5 + 9}}
    assert harbour.asked == ["fleet", "harbour"]


async def test_one_field_under_two_aliases_keeps_its_arguments_apart() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        '{ vessel(id: "f1") { near: dues(port: "Oslo") far: dues(port: "Rotterdam") } }'
    )

    assert answer.errors == []
    assert answer.data == {"vessel": {"near": 364, "far": 369}}
    assert harbour.asked == ["fleet", "harbour"]


async def test_types_may_use_one_key_for_different_arguments() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        """{ vessels {
          ... on Ferry { fee: dues(port: "Oslo") }
          ... on Tug { fee: dues(port: "Rotterdam") }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {"vessels": [{"fee": 364}, {"fee": 159}]}
    assert harbour.asked == ["fleet", "harbour"]


async def test_types_may_use_one_key_for_different_fields() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        """{ vessels {
          ... on Ferry { measure: cars }
          ... on Tug { measure: pull }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {"vessels": [{"measure": 120}, {"measure": 60}]}
    assert harbour.asked == ["fleet"]


async def test_redundant_fragments_are_folded() -> None:
    harbour = a_harbour()
    text = """{ vessels {
      ... on Vessel { flag }
      ... on Ferry { flag ... on Vessel { flag } }
      ... on Vessel { ... on Tug { flag } }
      flag
    } }"""

    answer = await harbour.answer(text)

    assert answer.data == {"vessels": [{"flag": "NO"}, {"flag": "NL"}]}
    assert harbour.plan(text) == harbour.plan("{ vessels { flag } }")


async def test_the_type_may_be_asked_under_any_name_and_anywhere() -> None:
    harbour = a_harbour()

    answer = await harbour.answer(
        """{ vessels {
          kind: __typename
          ... on Vessel { __typename again: __typename }
          ... on Tug { strong: __typename }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "vessels": [
            {"kind": "Ferry", "__typename": "Ferry", "again": "Ferry"},
            {"kind": "Tug", "__typename": "Tug", "again": "Tug", "strong": "Tug"},
        ]
    }
    assert harbour.asked == ["fleet"]


async def test_a_client_may_call_another_field_by_the_keys_name() -> None:
    harbour = a_harbour()

    answer = await harbour.answer("{ vessels { id: flag flag: id voyages { port } } }")

    assert answer.errors == []
    assert answer.data is not None
    assert [(each["id"], each["flag"]) for each in answer.data["vessels"]] == [
        ("NO", "f1"),
        ("NL", "t1"),
    ]


async def test_what_is_required_is_fetched_for_all_types_at_once_and_not_shown() -> None:
    harbour = a_harbour()

    answer = await harbour.answer('{ vessels { dues(port: "Oslo") } }')

    assert answer.errors == []
    assert answer.data == {"vessels": [{"dues": 364}, {"dues": 154}]}
    assert harbour.representations == [
        {"__typename": "Ferry", "id": "f1", "hull": {"length": 90, "draught": 4}},
        {"__typename": "Tug", "id": "t1", "hull": {"length": 30, "draught": 5}},
    ]


async def test_what_is_required_and_asked_for_is_shown_as_it_was_asked() -> None:
    harbour = a_harbour()

    answer = await harbour.answer('{ vessels { hull { deep: draught } dues(port: "Oslo") } }')

    assert answer.errors == []
    assert answer.data == {
        "vessels": [
            {"hull": {"deep": 4}, "dues": 364},
            {"hull": {"deep": 5}, "dues": 154},
        ]
    }


async def test_fields_of_several_subgraphs_are_asked_for_at_the_same_time() -> None:
    harbour = a_harbour()

    rounds = harbour.rounds(
        '{ vessels { dues(port: "Oslo") voyages { port } ... on Ferry { name } } }'
    )

    assert rounds == "fleet > ferries+harbour+log"
