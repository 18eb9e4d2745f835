"""A requirement may itself be a field with a requirement, of a third subgraph, and hidden.

Each link waits for the one before; what several need of one subgraph in one round is one request.
"""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph, by, never

LAB = """
    type Query { gem(id: ID!): Gem gems: [Gem!]! }
    type Gem @key(fields: "id") { id: ID! flawless: Boolean! }
"""
MINE = """
    type Gem @key(fields: "id") { id: ID! carats: Float! @inaccessible }
"""
VALUER = """
    type Gem @key(fields: "id") {
      id: ID!
      carats: Float! @external
      flawless: Boolean! @external
      rare: Boolean! @requires(fields: "carats")
      pure: Boolean! @requires(fields: "flawless")
    }
"""
AUCTION = """
    type Gem @key(fields: "id") {
      id: ID!
      rare: Boolean! @external
      pure: Boolean! @external
      catalogued: Boolean @requires(fields: "rare")
      starred: Boolean! @requires(fields: "pure")
      opening: Int! @requires(fields: "rare pure")
    }
"""
GEMS = [{"id": "1", "flawless": True}, {"id": "2", "flawless": False}]
CARATS = [{"id": "1", "carats": 0.5}, {"id": "2", "carats": 3.0}]


def an_auction(*, mine: bool = True) -> Federation:
    return Federation(
        {
            "lab": Subgraph(LAB, {"Query": {"gems": GEMS, "gem": lambda _, id: GEMS[int(id) - 1]}}),
            "mine": Subgraph(
                MINE, {"Gem": {} if mine else {"carats": never}}, {"Gem": by("id", CARATS)}
            ),
            "valuer": Subgraph(
                VALUER,
                {
                    "Gem": {
                        "rare": lambda gem: gem["carats"] > 1,
                        "pure": lambda gem: gem["flawless"],
                    }
                },
            ),
            "auction": Subgraph(
                AUCTION,
                {
                    "Gem": {
                        "catalogued": lambda gem: gem["rare"],
                        "starred": lambda gem: gem["pure"],
                        "opening": lambda gem: 100 * gem["rare"] + 10 * gem["pure"],
                    }
                },
            ),
        }
    )


def test_each_link_of_the_chain_is_one_request() -> None:
    assert an_auction().plan("{ gems { catalogued } }") == dedent(
        """\
        #0 lab
            {
              gems {
                id
                __typename
              }
            }
        #1 mine, after #0
          $r0: gems.@, Gem by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Gem {
                  carats
                }
              }
            }
        #2 valuer, after #0, #1
          $r0: gems.@, Gem by {id carats}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Gem {
                  rare
                }
              }
            }
        #3 auction, after #0, #2
          $r0: gems.@, Gem by {id rare}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Gem {
                  catalogued
                }
              }
            }"""
    )


@pytest.mark.parametrize(
    ("wanted", "expected", "asked"),
    [
        (
            "catalogued",
            [{"catalogued": False}, {"catalogued": True}],
            ["lab", "mine", "valuer", "auction"],
        ),
        ("starred", [{"starred": True}, {"starred": False}], ["lab", "valuer", "auction"]),
        ("pure", [{"pure": True}, {"pure": False}], ["lab", "valuer"]),
        (
            "opening",
            [{"opening": 10}, {"opening": 100}],
            ["lab", "mine", "valuer", "auction"],
        ),
    ],
)
async def test_a_chain_asks_who_it_needs_and_shows_what_was_asked_for(
    wanted: str, expected: list[object], asked: list[str]
) -> None:
    auction = an_auction()

    answer = await auction.answer(f"{{ gems {{ {wanted} }} }}")

    assert (answer.data, answer.errors) == ({"gems": expected}, [])
    assert auction.asked == asked


async def test_two_chains_meet_in_one_request_to_each_subgraph() -> None:
    auction = an_auction()

    answer = await auction.answer("{ gems { starred catalogued } }")

    assert answer.data == {
        "gems": [
            {"starred": True, "catalogued": False},
            {"starred": False, "catalogued": True},
        ]
    }
    assert auction.asked == ["lab", "mine", "valuer", "auction"]


async def test_every_link_of_a_chain_may_be_asked_for_beside_its_end() -> None:
    auction = an_auction()

    answer = await auction.answer('{ gem(id: "2") { flawless rare pure catalogued starred } }')

    assert answer.data == {
        "gem": {
            "flawless": False,
            "rare": True,
            "pure": False,
            "catalogued": True,
            "starred": False,
        }
    }
    assert auction.asked == ["lab", "mine", "valuer", "auction"]


async def test_a_hidden_requirement_cannot_be_asked_for() -> None:
    auction = an_auction()

    answer = await auction.answer("{ gems { carats } }")

    assert [code for code, _ in answer.faults] == ["GRAPHQL_VALIDATION_FAILED"]
    assert auction.asked == []


async def test_what_a_failed_link_leaves_unanswered_is_said_once_where_the_client_asked() -> None:
    auction = an_auction(mine=False)

    answer = await auction.answer('{ gem(id: "1") { id catalogued } }')

    assert answer.data == {"gem": {"id": "1", "catalogued": None}}
    assert answer.faults == [("SUBGRAPH_ERROR", "gem.catalogued")]
    assert auction.asked == ["lab", "mine"]


async def test_a_link_that_fails_ends_its_chain_and_not_the_other() -> None:
    auction = an_auction(mine=False)

    answer = await auction.answer('{ gem(id: "1") { catalogued starred } }')

    assert answer.data == {"gem": {"catalogued": None, "starred": True}}
    assert answer.faults == [("SUBGRAPH_ERROR", "gem.catalogued")]
