"""@requires of a field of interface type: the object is sent with its type, and what the
requirement asks of a type that it does not have is left out.
"""

from textwrap import dedent
from typing import Any, Final

import pytest

from tests.support.federation import NEVER, Federation, Subgraph, by

DISPATCH = """
    type Query { outgoing: [Parcel!]! }
    type Parcel @key(fields: "id") {
      id: ID!
      place: Place @external
      depot: String @requires(fields: "place { id }")
      dock: String @requires(fields: "place { ... on Harbour { id } }")
    }
    interface Place { id: ID! }
    type House implements Place @key(fields: "id") { id: ID! }
    type Harbour implements Place @key(fields: "id") { id: ID! }
"""
PLACES = """
    type Query { incoming: [Parcel!]! }
    type Parcel @key(fields: "id") { id: ID! place: Place }
    interface Place { id: ID! }
    type House implements Place @key(fields: "id") { id: ID! street: String }
    type Harbour implements Place @key(fields: "id") { id: ID! berth: Int }
    type Orbit implements Place @key(fields: "id") { id: ID! height: Int }
"""
PARCELS: Final[list[dict[str, Any]]] = [
    {"id": "1", "place": {"__typename": "House", "id": "h", "street": "Elm"}},
    {"id": "2", "place": {"__typename": "Harbour", "id": "b", "berth": 7}},
    {"id": "3", "place": {"__typename": "Orbit", "id": "o", "height": 400}},
    {"id": "4", "place": None},
]


def a_post(*ids: str) -> Federation:
    found = [each for each in PARCELS if each["id"] in ids]
    return Federation(
        {
            "dispatch": Subgraph(
                DISPATCH,
                {
                    "Query": {"outgoing": [{"id": id, "place": NEVER} for id in ids]},
                    "Parcel": {
                        "depot": lambda parcel: parcel["place"] and f"by {parcel['place']['id']}",
                        "dock": lambda parcel: (parcel["place"] or {}).get("id"),
                    },
                },
            ),
            "places": Subgraph(
                PLACES, {"Query": {"incoming": found}}, {"Parcel": by("id", PARCELS)}
            ),
        }
    )


def test_the_required_object_is_fetched_with_its_type_and_the_subgraph_entered_again() -> None:
    assert a_post().plan("{ outgoing { depot } }") == dedent(
        """\
        #0 dispatch
            {
              outgoing {
                id
                __typename
              }
            }
        #1 places, after #0
          $r0: outgoing.@, Parcel by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Parcel {
                  place {
                    __typename
                    id
                  }
                }
              }
            }
        #2 dispatch, after #0, #1
          $r0: outgoing.@, Parcel by {id place{__typename id}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Parcel {
                  depot
                }
              }
            }"""
    )


@pytest.mark.parametrize(
    ("id", "sent", "depot"),
    [
        ("1", {"__typename": "House", "id": "h"}, "by h"),
        ("3", {"__typename": "Orbit", "id": "o"}, "by o"),
        ("4", None, None),
    ],
)
async def test_the_required_object_is_sent_as_what_it_is(
    id: str, sent: object, depot: str | None
) -> None:
    post = a_post(id)

    answer = await post.answer("{ outgoing { depot } }")

    assert (answer.data, answer.errors) == ({"outgoing": [{"depot": depot}]}, [])
    assert post.representations[-1]["place"] == sent


async def test_an_object_of_another_type_than_required_is_sent_without_the_fields() -> None:
    post = a_post("1", "2", "3")

    answer = await post.answer("{ outgoing { dock } }")

    assert answer.errors == []
    assert answer.data == {"outgoing": [{"dock": None}, {"dock": "b"}, {"dock": None}]}
    assert [each["place"] for each in post.representations[3:]] == [
        {"__typename": "House"},
        {"__typename": "Harbour", "id": "b"},
        {"__typename": "Orbit"},
    ]


async def test_from_where_the_object_is_there_is_one_more_request_only() -> None:
    post = a_post("2")

    answer = await post.answer("{ incoming { depot dock } }")

    assert answer.data == {"incoming": [{"depot": "by b", "dock": "b"}]}
    assert post.asked == ["places", "dispatch"]


async def test_the_client_sees_of_the_required_object_what_it_asked_for() -> None:
    post = a_post("1", "2")

    answer = await post.answer("{ outgoing { dock place { ... on House { street } } } }")

    assert answer.data == {
        "outgoing": [
            {"dock": None, "place": {"street": "Elm"}},
            {"dock": "b", "place": {}},
        ]
    }
    assert post.asked == ["dispatch", "places", "dispatch"]


async def test_a_subgraph_is_not_asked_for_a_type_that_it_does_not_have() -> None:
    post = a_post("3")

    answer = await post.answer("{ outgoing { dock place { ... on Orbit { height } } } }")

    assert answer.data == {"outgoing": [{"dock": None, "place": {"height": 400}}]}
    assert all("Orbit" not in call.document for call in post.calls if call.subgraph == "dispatch")
