"""A requirement may give arguments: it is another value than the one a client asks for.

Both are fetched at once under different keys, and the subgraph is sent the required one under
its plain name.
"""

from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph, by

LOG = """
    type Query { voyage: Voyage voyages: [Voyage!]! }
    type Voyage @key(fields: "id") {
      id: ID!
      distance(unit: Unit! = KM): Int!
      entries(last: Int!): [Entry!]!
    }
    type Entry @key(fields: "id") { id: ID! }
    enum Unit { KM NM }
"""
CREW = """
    type Entry @key(fields: "id") { id: ID! author: String! }
"""
REPORT = """
    type Voyage @key(fields: "id") {
      id: ID!
      distance(unit: Unit! = KM): Int! @external
      entries(last: Int!): [Entry!]! @external
      fuel: Int! @requires(fields: "distance(unit: NM)")
      reserve: Int! @requires(fields: "distance(unit: KM)")
      signedBy: String! @requires(fields: "entries(last: 3) { author }")
    }
    type Entry @key(fields: "id") { id: ID! author: String! @external }
    enum Unit { KM NM }
"""
AUTHORS = [{"id": f"e{at}", "author": author} for at, author in enumerate(["Ada", "Bo", "Cy"])]


def signatures(voyage: dict[str, Any]) -> str:
    assert len(voyage["entries"]) == 3
    return " ".join(entry["author"] for entry in voyage["entries"])


def a_journal() -> Federation:
    entries = [{"id": each["id"]} for each in AUTHORS]
    return Federation(
        {
            "log": Subgraph(
                LOG,
                {
                    "Query": {"voyage": {"id": "v"}, "voyages": [{"id": "v"}, {"id": "w"}]},
                    "Voyage": {
                        "distance": lambda _, unit: {"KM": 185, "NM": 100}[unit],
                        "entries": lambda _, last: entries[:last],
                    },
                },
                {"Voyage": by("id", [{"id": "v"}, {"id": "w"}])},
            ),
            "crew": Subgraph(CREW, references={"Entry": by("id", AUTHORS)}),
            "report": Subgraph(
                REPORT,
                {
                    "Voyage": {
                        "fuel": lambda voyage: voyage["distance"] * 2,
                        "reserve": lambda voyage: voyage["distance"] * 3,
                        "signedBy": signatures,
                    }
                },
            ),
        }
    )


async def test_the_required_value_is_the_one_of_the_requirements_arguments() -> None:
    journal = a_journal()

    answer = await journal.answer("{ voyage { fuel } }")

    assert (answer.data, answer.errors) == ({"voyage": {"fuel": 200}}, [])
    assert journal.representations == [{"__typename": "Voyage", "id": "v", "distance": 100}]


def test_the_clients_value_and_the_required_one_are_asked_for_in_one_request() -> None:
    assert a_journal().plan("{ voyage { distance fuel } }") == dedent(
        """\
        #0 log
            {
              voyage {
                distance
                id
                __p3_distance: distance(unit: NM)
                __typename
              }
            }
        #1 report, after #0
          $r0: voyage, Voyage by {id __p3_distance→distance}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Voyage {
                  fuel
                }
              }
            }"""
    )


async def test_the_clients_value_is_the_one_of_its_own_arguments() -> None:
    journal = a_journal()

    answer = await journal.answer("{ voyage { distance fuel nautical: distance(unit: NM) } }")

    assert answer.data == {"voyage": {"distance": 185, "fuel": 200, "nautical": 100}}
    assert journal.resolved["log.Voyage.distance"] == 2


async def test_the_same_arguments_are_asked_for_once_under_the_clients_alias() -> None:
    journal = a_journal()

    answer = await journal.answer("{ voyage { miles: distance(unit: NM) fuel } }")

    assert answer.data == {"voyage": {"miles": 100, "fuel": 200}}
    assert journal.resolved["log.Voyage.distance"] == 1


async def test_arguments_by_variable_are_never_taken_for_the_required_ones() -> None:
    journal = a_journal()

    answer = await journal.answer(
        "query ($unit: Unit!) { voyage { distance(unit: $unit) fuel } }", {"unit": "KM"}
    )

    assert answer.data == {"voyage": {"distance": 185, "fuel": 200}}


async def test_two_requirements_with_different_arguments_are_both_met() -> None:
    journal = a_journal()

    answer = await journal.answer("{ voyage { fuel reserve } }")

    assert (answer.data, answer.errors) == ({"voyage": {"fuel": 200, "reserve": 555}}, [])


async def test_a_required_list_keeps_its_length_beside_a_shorter_one() -> None:
    journal = a_journal()

    answer = await journal.answer("{ voyages { entries(last: 1) { author } signedBy } }")

    assert answer.errors == []
    voyage = {"entries": [{"author": "Ada"}], "signedBy": "Ada Bo Cy"}
    assert answer.data == {"voyages": [voyage, voyage]}


async def test_both_lists_are_completed_by_one_request() -> None:
    journal = a_journal()

    await journal.answer(
        "query ($last: Int!) { voyage { entries(last: $last) { id author } signedBy } }",
        {"last": 2},
    )

    assert journal.asked == ["log", "crew", "report"]
    assert journal.representations[-1]["entries"] == [
        {"author": each["author"]} for each in AUTHORS
    ]


async def test_two_fragments_with_the_same_arguments_are_one_field() -> None:
    journal = a_journal()

    answer = await journal.answer(
        """{ voyage { ...Short ...Long } }
        fragment Short on Voyage { entries(last: 3) { id } }
        fragment Long on Voyage { entries(last: 3) { author } signedBy }"""
    )

    assert answer.errors == []
    assert answer.data == {"voyage": {"entries": AUTHORS, "signedBy": "Ada Bo Cy"}}
    assert journal.resolved["log.Voyage.entries"] == 1
