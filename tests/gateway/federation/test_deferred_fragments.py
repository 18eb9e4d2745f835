"""A fragment with @defer is delivered after the rest, by requests that the rest does not wait for.

What a deferred fragment selects too of what comes first is not asked for again.
"""

import asyncio
from collections.abc import AsyncIterator
from textwrap import dedent
from typing import Any

from gateway.executor.delivery import Increment
from tests.support.federation import Answer, Federation, Subgraph, by

_ROOMS = [
    {"id": "1", "name": "Hall", "seats": 80, "owner": {"id": "7"}},
    {"id": "2", "name": "Attic", "seats": 9, "owner": {"id": "8"}},
]


def rooms(**prices: Any) -> Federation:
    """Rooms in one subgraph, what they cost in another, their owners in a third."""
    return Federation(
        {
            "house": Subgraph(
                """
                type Query { rooms: [Room!]! }
                type Room @key(fields: "id") { id: ID! name: String seats: Int owner: Owner }
                type Owner @key(fields: "id") { id: ID! }
                """,
                {"Query": {"rooms": _ROOMS}},
                {"Room": by("id", _ROOMS)},
            ),
            "prices": Subgraph(
                """
                type Room @key(fields: "id") { id: ID! price: Int! discount: Int }
                """,
                {"Room": {"price": 12, "discount": None} | prices},
            ),
            "people": Subgraph(
                """
                type Owner @key(fields: "id") { id: ID! name: String }
                """,
                {"Owner": {"name": "Ida"}},
            ),
        }
    )


async def gathered(parts: AsyncIterator[Answer | list[Increment]]) -> list[Any]:
    """What is delivered, in the order of its coming; increments as (label, path, data)."""
    return [
        [(each.part.label, each.path, each.data) for each in part]
        if isinstance(part, list)
        else part.data
        async for part in parts
    ]


async def test_the_rest_comes_first() -> None:
    federation = rooms()

    first, later = await gathered(
        federation.parts('{ rooms { name ... @defer(label: "cost") { price } } }')
    )

    assert first == {"rooms": [{"name": "Hall"}, {"name": "Attic"}]}
    assert later == [("cost", ("rooms", 0), {"price": 12}), ("cost", ("rooms", 1), {"price": 12})]


async def test_the_first_answer_does_not_wait_for_what_is_deferred() -> None:
    federation = rooms()
    gate = federation.running["prices"].gate = asyncio.Event()

    parts = federation.parts("{ rooms { name ... @defer { price } } }")
    first = await anext(parts)
    gate.set()
    later = await anext(parts)

    assert isinstance(first, Answer)
    assert isinstance(later, list)
    assert [each.data for each in later] == [{"price": 12}, {"price": 12}]


async def test_what_is_deferred_of_the_same_subgraph_is_a_request_of_its_own() -> None:
    federation = rooms()

    parts = await gathered(federation.parts("{ rooms { name ... @defer { seats } } }"))

    assert parts == [
        {"rooms": [{"name": "Hall"}, {"name": "Attic"}]},
        [(None, ("rooms", 0), {"seats": 80}), (None, ("rooms", 1), {"seats": 9})],
    ]
    assert federation.asked == ["house", "house"]


async def test_what_comes_first_is_not_brought_again() -> None:
    federation = rooms()

    first, later = await gathered(
        federation.parts(
            "{ rooms { name owner { id } ... @defer { name owner { id name } price } } }"
        )
    )

    assert first["rooms"][0] == {"name": "Hall", "owner": {"id": "7"}}
    assert later[0] == (None, ("rooms", 0), {"owner": {"name": "Ida"}, "price": 12})
    assert sorted(federation.asked) == ["house", "people", "prices"]


async def test_what_is_deferred_in_what_is_deferred_comes_after_it() -> None:
    federation = rooms()

    parts = await gathered(
        federation.parts(
            '{ rooms { name ... @defer(label: "a") '
            '{ price owner { id ... @defer(label: "b") { name } } } } }'
        )
    )

    labels = [label for part in parts[1:] for label, _, _ in part]
    assert labels == ["a", "a", "b", "b"]
    [owner] = [
        data for part in parts[1:] for label, path, data in part if path[-2:] == (0, "owner")
    ]
    assert owner == {"name": "Ida"}


async def test_a_condition_decides_whether_a_fragment_is_deferred() -> None:
    text = "query ($later: Boolean!) { rooms { name ... @defer(if: $later) { price } } }"

    at_once = await gathered(rooms().parts(text, {"later": False}))
    later = await gathered(rooms().parts(text, {"later": True}))

    assert len(at_once) == 1
    assert at_once[0]["rooms"][0] == {"name": "Hall", "price": 12}
    assert len(later) == 2


async def test_a_null_rises_no_further_than_to_the_deferred_fragment() -> None:
    def fails(*_: Any) -> int:
        raise LookupError("no price")

    [first, later] = [
        part async for part in rooms(price=fails).parts("{ rooms { name ... @defer { price } } }")
    ]

    assert isinstance(first, Answer)
    assert first.data == {"rooms": [{"name": "Hall"}, {"name": "Attic"}]}
    assert isinstance(later, list)
    assert [(each.path, each.data) for each in later] == [
        (("rooms", 0), None),
        (("rooms", 1), None),
    ]
    assert [error["path"] for each in later for error in each.errors] == [
        ["rooms", 0, "price"],
        ["rooms", 1, "price"],
    ]


async def test_a_client_that_goes_ends_what_is_still_asked() -> None:
    parts = rooms().parts("{ rooms { name ... @defer { price } } }")

    await anext(parts)
    await parts.aclose()  # type: ignore[attr-defined]

    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_without_a_client_that_understands_it_everything_comes_at_once() -> None:
    answer = await rooms().answer("{ rooms { name ... @defer { price } } }")

    assert answer.data is not None
    assert answer.data["rooms"][0] == {"name": "Hall", "price": 12}


def test_the_plan_says_what_is_deferred() -> None:
    plan = rooms().plan(
        '{ rooms { name ... @defer(label: "cost") { price } } }',
        deferring=True,
    )

    assert plan == dedent(
        """\
        #0 house
            {
              rooms {
                name
                id
                __typename
              }
            }
        #1 prices, after #0, deferred as "cost"
          $r0: rooms.@, Room by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Room {
                  price
                }
              }
            }"""
    )
