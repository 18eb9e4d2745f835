"""An interface whose field leads back to it, and a type that narrows that field and provides more
behind it: what is asked through both is one selection.
"""

from tests.support.federation import NEVER, Federation, Subgraph, by

LINES = """
type Query { start: Station stations: [Station!]! }
interface Station { id: ID! next: Station }
type Stop implements Station @key(fields: "id") {
  id: ID! next: Stop @provides(fields: "zone") zone: Int @external
}
type Depot implements Station @key(fields: "id") { id: ID! next: Station tracks: Int! }
"""
ZONES = 'type Stop @key(fields: "id") { id: ID! zone: Int @shareable lit: Boolean! }'

LAST = {"__typename": "Stop", "id": "3", "next": None, "zone": 3}
MIDDLE = {"__typename": "Stop", "id": "2", "next": LAST, "zone": 2}
FIRST = {"__typename": "Stop", "id": "1", "next": MIDDLE, "zone": NEVER}
DEPOT = {"__typename": "Depot", "id": "d", "next": FIRST, "tracks": 9}


def a_tramway() -> Federation:
    return Federation(
        {
            "lines": Subgraph(
                LINES,
                {"Query": {"start": FIRST, "stations": [DEPOT, FIRST]}},
            ),
            "zones": Subgraph(
                ZONES,
                references={
                    "Stop": by(
                        "id",
                        [{"id": str(n), "zone": n, "lit": n % 2 == 1} for n in range(1, 4)],
                    )
                },
            ),
        }
    )


async def test_going_round_is_one_request() -> None:
    tramway = a_tramway()
    text = "{ start { next { ... on Station { next { __typename next { id } } } } } }"

    answer = await tramway.answer(text)

    assert answer.errors == []
    assert answer.data == {"start": {"next": {"next": {"__typename": "Stop", "next": None}}}}
    assert tramway.asked == ["lines"]
    assert tramway.plan(text) == (
        """\
#0 lines
    {
      start {
        __typename
        next {
          __typename
          next {
            __typename
            next {
              __typename
              id
            }
          }
        }
      }
    }"""
    )


async def test_one_key_through_the_interface_and_the_type_is_one_selection() -> None:
    tramway = a_tramway()

    answer = await tramway.answer(
        "{ stations { next { id } ... on Stop { next { zone next { zone } } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "stations": [
            {"next": {"id": "1"}},
            {"next": {"id": "2", "zone": 2, "next": {"zone": 3}}},
        ]
    }


async def test_what_is_provided_needs_no_request() -> None:
    tramway = a_tramway()

    answer = await tramway.answer("{ start { ... on Stop { next { zone } } } }")

    assert answer.errors == []
    assert answer.data == {"start": {"next": {"zone": 2}}}
    assert tramway.asked == ["lines"]


async def test_what_is_not_provided_is_fetched_though_the_same_field_is_provided_below() -> None:
    tramway = a_tramway()

    answer = await tramway.answer("{ start { ... on Stop { zone next { zone } } } }")

    assert answer.errors == []
    assert answer.data == {"start": {"zone": 1, "next": {"zone": 2}}}
    assert tramway.representations == [{"__typename": "Stop", "id": "1"}]


async def test_the_interface_provides_nothing() -> None:
    tramway = a_tramway()

    answer = await tramway.answer("{ stations { next { ... on Stop { zone } } } }")

    assert answer.errors == []
    assert answer.data == {"stations": [{"next": {"zone": 1}}, {"next": {"zone": 2}}]}


async def test_what_nobody_provides_is_fetched_at_every_level_at_once() -> None:
    tramway = a_tramway()

    answer = await tramway.answer("{ start { ... on Stop { lit next { lit next { lit } } } } }")

    assert answer.errors == []
    assert answer.data == {"start": {"lit": True, "next": {"lit": False, "next": {"lit": True}}}}
    assert tramway.asked == ["lines", "zones"]


async def test_a_narrower_type_needs_no_fragment() -> None:
    tramway = a_tramway()

    answer = await tramway.answer(
        """{ start {
          ... on Depot { tracks }
          ... on Stop { next { ... on Station { kind: __typename } lit } }
        } }"""
    )

    assert answer.errors == []
    assert answer.data == {"start": {"next": {"kind": "Stop", "lit": False}}}


def test_a_deep_round_trip_is_planned_without_trouble() -> None:
    tramway = a_tramway()
    text = "id"
    for _ in range(17):
        text = f"next {{ id ... on Stop {{ {text} }} }}"

    assert tramway.rounds(f"{{ start {{ {text} }} }}") == "lines"
