"""A requirement may ask an interface for more of some types, in fragments within fragments.

Types that are hidden from clients are required like any other; each object is sent with what
was asked of its own type, and nothing else.
"""

from textwrap import dedent
from typing import Any

import pytest

from tests.support.federation import Federation, Subgraph, by

_STATES = """
    interface State { at: Int }
    interface Scaled implements State { at: Int uom: String }
    type Heat implements State & Scaled @shareable { at: Int uom: String heat: Int }
    type Noise implements State & Scaled @shareable @inaccessible {
      at: Int
      uom: String
      db: Int
    }
    type Rain implements State @shareable { at: Int drops: Int }
"""
_WANTED = "state { at ... on Scaled { uom ... on Heat { heat } ... on Noise { db } } }"
SENSORS = f"""
    type Query {{ probes: [Probe!]! }}
    type Probe @key(fields: "id") {{ id: ID! state: State }}
    {_STATES}
"""
ALARMS = f"""
    type Query {{ watched: [Probe!]! }}
    type Probe @key(fields: "id") {{
      id: ID!
      state: State @external
      alarm: String @requires(fields: "{_WANTED}")
    }}
    {_STATES}
"""
STATES = {
    "heat": {"__typename": "Heat", "at": 1, "uom": "K", "heat": 300},
    "noise": {"__typename": "Noise", "at": 2, "uom": "dB", "db": 90},
    "rain": {"__typename": "Rain", "at": 3, "drops": 8},
}


def a_station(*ids: str) -> Federation:
    probes = [{"id": id, "state": STATES.get(id)} for id in ids]
    return Federation(
        {
            "sensors": Subgraph(
                SENSORS, {"Query": {"probes": probes}}, {"Probe": by("id", probes)}
            ),
            "alarms": Subgraph(
                ALARMS,
                {"Query": {"watched": [{"id": id} for id in ids]}, "Probe": {"alarm": alarm}},
            ),
        }
    )


def alarm(probe: dict[str, Any]) -> str:
    state = dict(probe["state"] or {})
    state.pop("__typename", None)
    return " ".join(f"{name}={value}" for name, value in sorted(state.items()))


def test_the_requirement_is_asked_for_type_by_type() -> None:
    assert a_station().plan("{ probes { alarm } }") == dedent(
        """\
        #0 sensors
            {
              probes {
                id
                state {
                  __typename
                  at
                  ... on Heat {
                    uom
                    heat
                  }
                  ... on Noise {
                    uom
                    db
                  }
                }
                __typename
              }
            }
        #1 alarms, after #0
          $r0: probes.@, Probe by {id state{__typename at ...on Heat{uom heat} ...on Noise{uom db}}}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Probe {
                  alarm
                }
              }
            }"""
    )


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("heat", "at=1 heat=300 uom=K"),
        ("noise", "at=2 db=90 uom=dB"),
        ("rain", "at=3"),
        ("none", ""),
    ],
)
async def test_each_object_is_sent_with_what_was_asked_of_its_type(id: str, expected: str) -> None:
    station = a_station(id)

    answer = await station.answer("{ probes { alarm } }")

    assert (answer.data, answer.errors) == ({"probes": [{"alarm": expected}]}, [])
    assert station.asked == ["sensors", "alarms"]


async def test_from_the_requiring_subgraph_the_data_is_fetched_and_it_is_entered_again() -> None:
    station = a_station("noise", "rain")

    answer = await station.answer("{ watched { alarm } }")

    assert answer.data == {"watched": [{"alarm": "at=2 db=90 uom=dB"}, {"alarm": "at=3"}]}
    assert station.asked == ["alarms", "sensors", "alarms"]


async def test_an_object_of_a_hidden_type_is_null_for_clients_and_required_all_the_same() -> None:
    station = a_station("noise", "heat")

    answer = await station.answer("{ probes { state { __typename at } alarm } }")

    assert answer.errors == []
    assert answer.data == {
        "probes": [
            {"state": None, "alarm": "at=2 db=90 uom=dB"},
            {"state": {"__typename": "Heat", "at": 1}, "alarm": "at=1 heat=300 uom=K"},
        ]
    }


async def test_clients_cannot_name_the_hidden_type() -> None:
    station = a_station("noise")

    answer = await station.answer("{ probes { state { ... on Noise { db } } } }")

    assert [code for code, _ in answer.faults] == ["GRAPHQL_VALIDATION_FAILED"]
    assert station.asked == []


async def test_a_clients_fragment_does_not_narrow_what_is_required() -> None:
    station = a_station("heat", "rain")

    answer = await station.answer("{ probes { state { ... on Rain { drops } } alarm } }")

    assert answer.data == {
        "probes": [
            {"state": {}, "alarm": "at=1 heat=300 uom=K"},
            {"state": {"drops": 8}, "alarm": "at=3"},
        ]
    }


async def test_a_clients_alias_below_the_required_field_does_not_disturb_it() -> None:
    station = a_station("heat")

    answer = await station.answer("{ probes { state { at: __typename } alarm } }")

    assert answer.data == {"probes": [{"state": {"at": "Heat"}, "alarm": "at=1 heat=300 uom=K"}]}
