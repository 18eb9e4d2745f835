"""Each event of a subscription is answered with what other subgraphs know of it."""

from collections.abc import AsyncIterator
from typing import Any

from graphql import parse

from tests.support.federation import Federation, Subgraph


async def moves(room: str | None = None) -> AsyncIterator[dict[str, Any]]:
    """A person in each of two rooms, or in the one that is asked for."""
    for id in ("1", "2"):
        if room in (None, id):
            yield {"person": {"id": f"p{id}"}, "room": {"id": id}}


def house(**prices: Any) -> Federation:
    """Moves between rooms, whose names another subgraph knows."""
    return Federation(
        {
            "moves": Subgraph(
                """
                type Query { now: Int }
                type Subscription { moved(room: ID): Move! }
                type Move { person: Person! room: Room! }
                type Person @key(fields: "id") { id: ID! }
                type Room @key(fields: "id") { id: ID! }
                """,
                {"Subscription": {"moved": moves}},
            ),
            "rooms": Subgraph(
                """
                type Room @key(fields: "id") { id: ID! name: String! }
                """,
                {"Room": {"name": lambda room: f"Room {room['id']}"} | prices},
            ),
        }
    )


async def test_each_event_is_completed_by_other_subgraphs() -> None:
    federation = house()

    answers = [each async for each in federation.events("subscription { moved { room { name } } }")]

    assert [each.data for each in answers] == [
        {"moved": {"room": {"name": "Room 1"}}},
        {"moved": {"room": {"name": "Room 2"}}},
    ]
    assert federation.asked == ["moves", "rooms", "rooms"]


async def test_a_subgraph_is_subscribed_to_once_with_the_clients_arguments() -> None:
    federation = house()
    text = "subscription Moves($room: ID) { moved(room: $room) { person { id } } }"

    answers = [each async for each in federation.events(text, {"room": "2"})]

    assert [each.data for each in answers] == [{"moved": {"person": {"id": "p2"}}}]
    [call] = federation.calls
    [operation] = parse(call.document).definitions
    assert operation.operation.value == "subscription"  # type: ignore[attr-defined]
    assert call.variables == {"room": "2"}


async def test_what_fails_for_one_event_does_not_end_the_stream() -> None:
    def name(room: dict[str, str]) -> str:
        return {"2": "Attic"}[room["id"]]

    answers = [
        each async for each in house(name=name).events("subscription { moved { room { name } } }")
    ]

    assert [each.data for each in answers] == [None, {"moved": {"room": {"name": "Attic"}}}]
    assert answers[0].faults == [("SUBGRAPH_ERROR", "moved.room.name")]


def test_the_plan_begins_with_the_subscription() -> None:
    assert house().rounds("subscription { moved { room { name } } }") == "moves > rooms"
