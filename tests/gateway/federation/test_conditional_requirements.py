"""When a field that requires others is left out, nothing of the chain that it needs is fetched;
when it is there, what was fetched only for it is not shown.
"""

import pytest

from tests.support.federation import Federation, Subgraph, by, never

HALL = """
type Query { concert: Concert concerts: [Concert!]! }
type Concert @key(fields: "id") { id: ID! title: String! fee: Int! }
"""
PRICING = """
type Concert @key(fields: "id") {
  id: ID! fee: Int! @external tier: String! @requires(fields: "fee")
}
"""
BOXES = """
type Concert @key(fields: "id") {
  id: ID! tier: String! @external
  champagne: String! @requires(fields: "tier")
  programme: String!
}
"""

CONCERTS = ({"id": "1", "title": "Boléro", "fee": 90}, {"id": "2", "title": "4′33″", "fee": 10})


def a_hall() -> Federation:
    return Federation(
        {
            "hall": Subgraph(
                HALL,
                {"Query": {"concert": CONCERTS[0], "concerts": CONCERTS}},
                {"Concert": never},
            ),
            "pricing": Subgraph(
                PRICING, {"Concert": {"tier": lambda it: "gold" if it["fee"] > 50 else "wood"}}
            ),
            "boxes": Subgraph(
                BOXES,
                {"Concert": {"champagne": lambda it: f"{it['tier']} cup"}},
                {
                    "Concert": by(
                        "id", [{"id": "1", "programme": "R"}, {"id": "2", "programme": "C"}]
                    )
                },
            ),
        }
    )


LEFT_OUT = [
    "query ($with: Boolean = false) { concert { title champagne @include(if: $with) } }",
    "query ($not: Boolean = true) { concert { title champagne @skip(if: $not) } }",
    "query ($not: Boolean = true) { concert { title ... @skip(if: $not) { champagne } } }",
    "query ($not: Boolean = true) { concert { title ...Cup @skip(if: $not) } } "
    "fragment Cup on Concert { champagne }",
    "query ($a: Boolean = true, $b: Boolean = true) "
    "{ concert { title champagne @skip(if: $a) @include(if: $b) } }",
]


@pytest.mark.parametrize("text", LEFT_OUT)
async def test_what_is_left_out_is_not_asked_for_and_neither_is_what_it_requires(text: str) -> None:
    hall = a_hall()

    answer = await hall.answer(text)

    assert answer.errors == []
    assert answer.data == {"concert": {"title": "Boléro"}}
    assert hall.asked == ["hall"]
    assert hall.resolved["hall.Concert.fee"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "query ($with: Boolean!) { concert { title champagne @include(if: $with) } }",
        "query ($with: Boolean!) { concert { title ... @include(if: $with) { champagne } } }",
        "query ($with: Boolean!, $not: Boolean = false) "
        "{ concert { title champagne @include(if: $with) @skip(if: $not) } }",
    ],
)
async def test_what_is_there_runs_through_its_whole_chain(text: str) -> None:
    hall = a_hall()

    answer = await hall.answer(text, {"with": True})

    assert answer.errors == []
    assert answer.data == {"concert": {"title": "Boléro", "champagne": "gold cup"}}
    assert hall.asked == ["hall", "pricing", "boxes"]


def test_the_chain_is_planned_as_long_as_it_is() -> None:
    hall = a_hall()
    text = "query ($with: Boolean!) { concert { champagne @include(if: $with) } }"

    assert hall.plan(text, {"with": True}) == (
        """\
#0 hall
    {
      concert {
        id
        fee
        __typename
      }
    }
#1 pricing, after #0
  $r0: concert, Concert by {id fee}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Concert {
          tier
        }
      }
    }
#2 boxes, after #0, #1
  $r0: concert, Concert by {id tier}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Concert {
          champagne
        }
      }
    }"""
    )


async def test_what_is_required_and_left_out_itself_is_fetched_and_not_shown() -> None:
    hall = a_hall()

    answer = await hall.answer(
        """query ($not: Boolean = true) {
          concerts { champagne tier @skip(if: $not) fee @skip(if: $not) }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {"concerts": [{"champagne": "gold cup"}, {"champagne": "wood cup"}]}


async def test_the_middle_of_the_chain_may_be_asked_for_alone() -> None:
    hall = a_hall()

    answer = await hall.answer(
        "query ($with: Boolean = false) { concert { tier champagne @include(if: $with) } }"
    )

    assert answer.errors == []
    assert answer.data == {"concert": {"tier": "gold"}}
    assert hall.asked == ["hall", "pricing"]


async def test_a_neighbour_in_the_same_subgraph_does_not_wait_for_a_chain_left_out() -> None:
    hall = a_hall()

    answer = await hall.answer(
        "query ($with: Boolean = false) { concert { programme champagne @include(if: $with) } }"
    )

    assert answer.errors == []
    assert answer.data == {"concert": {"programme": "R"}}
    assert hall.asked == ["hall", "boxes"]


async def test_one_alias_may_be_left_out_and_the_other_not() -> None:
    hall = a_hall()

    answer = await hall.answer(
        """query ($with: Boolean = false) {
          concert { a: champagne @include(if: $with) b: champagne }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {"concert": {"b": "gold cup"}}
    assert hall.resolved["boxes.Concert.champagne"] == 1


async def test_each_occurrence_of_an_object_has_its_own_condition() -> None:
    hall = a_hall()

    answer = await hall.answer(
        """query ($with: Boolean = false) {
          one: concert { champagne @include(if: $with) }
          two: concert { champagne }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {"one": {}, "two": {"champagne": "gold cup"}}
    assert len(hall.representations) == 2
