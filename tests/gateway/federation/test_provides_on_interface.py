"""@provides on a field of interface type: on that path the external fields of its types are
answered, in one request, though the types have no key there.
"""

from textwrap import dedent

from tests.support.federation import NEVER, Federation, Subgraph, by, never

ARCHIVE = """
    type Query { show: Show @shareable }
    interface Show { id: ID! cast: [Performer] }
    interface Performer { id: ID! }
    type Play implements Show @key(fields: "id") { id: ID! cast: [Performer] @external }
    type Dancer implements Performer @key(fields: "id") { id: ID! @external }
    type Singer implements Performer @key(fields: "id") { id: ID! @external }
"""
PLAYBILL = """
    type Query {
      show: Show @shareable @provides(fields: "cast { id stageName }")
      understudies: [Performer!]!
        @provides(fields: "... on Dancer { id stageName } ... on Singer { id }")
    }
    interface Show { id: ID! cast: [Performer] }
    interface Performer { id: ID! stageName: String }
    type Play implements Show { id: ID! @shareable cast: [Performer] @external }
    type Dancer implements Performer { id: ID! @external stageName: String @external }
    type Singer implements Performer { id: ID! @external stageName: String @external }
"""
CONTRACTS = """
    interface Show { id: ID! cast: [Performer] }
    type Play implements Show @key(fields: "id") { id: ID! cast: [Performer] @shareable }
    interface Performer { id: ID! }
    type Dancer implements Performer @key(fields: "id") { id: ID! }
    type Singer implements Performer @key(fields: "id") { id: ID! }
"""
AGENCY = """
    interface Performer { id: ID! stageName: String fee: Int }
    type Dancer implements Performer @key(fields: "id") {
      id: ID!
      stageName: String @shareable
      fee: Int
    }
    type Singer implements Performer @key(fields: "id") {
      id: ID!
      stageName: String @shareable
      fee: Int
    }
"""
DANCER = {"__typename": "Dancer", "id": "d1", "stageName": "Swan"}
SINGER = {"__typename": "Singer", "id": "s1", "stageName": "Lark"}
PLAY = {"__typename": "Play", "id": "1", "cast": [DANCER, SINGER]}


def a_theatre() -> Federation:
    fees = [DANCER | {"fee": 90}, SINGER | {"fee": 80}]
    return Federation(
        {
            "archive": Subgraph(ARCHIVE, {"Query": {"show": never}}),
            "playbill": Subgraph(
                PLAYBILL,
                {
                    "Query": {
                        "show": PLAY,
                        "understudies": [DANCER, SINGER | {"stageName": NEVER}],
                    }
                },
            ),
            "contracts": Subgraph(CONTRACTS, {"Play": {"cast": never}}),
            "agency": Subgraph(
                AGENCY, references={"Dancer": by("id", fees[:1]), "Singer": by("id", fees[1:])}
            ),
        }
    )


async def test_what_is_provided_is_taken_where_it_is_provided() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ show { id cast { id stageName } } }")

    assert answer.errors == []
    assert answer.data == {
        "show": {
            "id": "1",
            "cast": [{"id": "d1", "stageName": "Swan"}, {"id": "s1", "stageName": "Lark"}],
        }
    }


def test_one_request_has_it_all() -> None:
    assert a_theatre().plan("{ show { id cast { id stageName } } }") == dedent(
        """\
        #0 playbill
            {
              show {
                __typename
                id
                cast {
                  __typename
                  id
                  stageName
                }
              }
            }"""
    )


async def test_a_provided_key_leads_on_from_a_type_without_a_key() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ show { cast { stageName fee } } }")

    assert answer.errors == []
    assert answer.data == {
        "show": {"cast": [{"stageName": "Swan", "fee": 90}, {"stageName": "Lark", "fee": 80}]}
    }
    assert theatre.asked == ["playbill", "agency"]


async def test_only_objects_of_the_wanted_type_are_asked_for_further() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ show { cast { id ... on Singer { fee } } } }")

    assert answer.data == {"show": {"cast": [{"id": "d1"}, {"id": "s1", "fee": 80}]}}
    assert theatre.representations == [{"__typename": "Singer", "id": "s1"}]


async def test_what_is_provided_for_one_type_is_asked_elsewhere_for_the_others() -> None:
    theatre = a_theatre()

    answer = await theatre.answer("{ understudies { stageName } }")

    assert answer.errors == []
    assert answer.data == {"understudies": [{"stageName": "Swan"}, {"stageName": "Lark"}]}
    assert theatre.representations == [{"__typename": "Singer", "id": "s1"}]
