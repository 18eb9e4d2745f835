"""The root fields of a mutation run one after the other, as they stand in the document, each with
all that is asked below it.
"""

from typing import Any

from tests.support.federation import Federation, Subgraph, never

METER = """
type Query { level: Int! }
type Mutation { raise(by: Int!): Int! }
"""
PUMP = """
type Mutation { double: Int! }
"""
VALVE = """
type Mutation { drain: Int! drip: Int burst: Int! level: Gauge! }
type Gauge @key(fields: "id") { id: ID! }
"""
GAUGES = """
type Gauge @key(fields: "id") { id: ID! reading: Int! limit: Int }
"""


class Tank:
    """What all subgraphs change; `done` is what was done to it."""

    def __init__(self) -> None:
        self.level = 0
        self.done: list[str] = []

    def change(self, name: str, level: int) -> int:
        self.done.append(name)
        self.level = level
        return level


def a_plant(tank: Tank) -> Federation:
    def gauge(representation: dict[str, Any]) -> Any:
        tank.done.append("read")
        return {"id": "g", "reading": tank.level}

    return Federation(
        {
            "meter": Subgraph(
                METER,
                {
                    "Query": {"level": lambda _: tank.level},
                    "Mutation": {"raise": lambda _, by: tank.change("raise", tank.level + by)},
                },
            ),
            "pump": Subgraph(
                PUMP, {"Mutation": {"double": lambda _: tank.change("double", tank.level * 2)}}
            ),
            "valve": Subgraph(
                VALVE,
                {
                    "Mutation": {
                        "drain": lambda _: tank.change("drain", 0),
                        "drip": lambda _: tank.change("drip", 1 // tank.level),
                        "burst": never,
                        "level": lambda _: {"id": "g"},
                    }
                },
            ),
            "gauges": Subgraph(GAUGES, {"Gauge": {"limit": never}}, {"Gauge": gauge}),
        }
    )


async def test_mutations_of_several_subgraphs_run_in_the_order_of_the_document() -> None:
    tank = Tank()
    plant = a_plant(tank)
    text = "mutation { five: raise(by: 5) ten: double twelve: raise(by: 2) none: drain }"

    answer = await plant.answer(text)

    assert answer.errors == []
    assert answer.data == {"five": 5, "ten": 10, "twelve": 12, "none": 0}
    assert list(answer.data) == ["five", "ten", "twelve", "none"]
    assert plant.plan(text) == (
        """\
#0 meter
    mutation {
      five: raise(by: 5)
    }
#1 pump, after #0
    mutation {
      ten: double
    }
#2 meter, after #0, #1
    mutation {
      twelve: raise(by: 2)
    }
#3 valve, after #0, #1, #2
    mutation {
      none: drain
    }"""
    )


async def test_neighbours_of_one_subgraph_share_a_request() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer(
        "mutation { a: raise(by: 1) b: raise(by: 1) c: double d: double e: raise(by: 1) }"
    )

    assert answer.errors == []
    assert answer.data == {"a": 1, "b": 2, "c": 4, "d": 8, "e": 9}
    assert plant.asked == ["meter", "pump", "meter"]


async def test_one_mutation_through_fragments_runs_once_and_in_its_first_place() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer(
        """
        mutation { ...First double ... on Mutation { raise(by: 3) } }
        fragment First on Mutation { raise(by: 3) }
        """
    )

    assert answer.errors == []
    assert answer.data == {"raise": 3, "double": 6}
    assert tank.done == ["raise", "double"]


async def test_a_mutation_that_fails_does_not_stop_those_after_it() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer("mutation { before: drain drip raise(by: 4) }")

    assert answer.data == {"before": 0, "drip": None, "raise": 4}
    assert answer.faults == [("SUBGRAPH_ERROR", "drip")]


async def test_nothing_more_is_done_when_the_answer_is_lost() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer("mutation { raise(by: 2) burst double }")

    assert answer.data is None
    assert answer.faults == [("SUBGRAPH_ERROR", "burst")]
    assert tank.done == ["raise"]


async def test_a_failure_below_a_mutation_costs_its_own_fields() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer("mutation { gone: level { limit } raise(by: 2) }")

    assert answer.data == {"gone": {"limit": None}, "raise": 2}
    assert answer.faults == [("SUBGRAPH_ERROR", "gone.limit")]


async def test_what_is_asked_below_a_mutation_is_read_before_the_next_one_runs() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer(
        """mutation {
          raise(by: 7) before: level { reading } drained: drain after: level { reading }
        }"""
    )

    assert answer.errors == []
    assert answer.data == {
        "raise": 7,
        "before": {"reading": 7},
        "drained": 0,
        "after": {"reading": 0},
    }


async def test_what_is_asked_below_a_mutation_is_read_before_another_subgraphs_runs() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer("mutation { level { reading } raise(by: 7) }")

    assert answer.errors == []
    assert answer.data == {"level": {"reading": 0}, "raise": 7}
    assert tank.done == ["read", "raise"]


async def test_a_mutation_left_out_is_not_run() -> None:
    tank = Tank()
    plant = a_plant(tank)

    answer = await plant.answer(
        "mutation ($no: Boolean = true) { raise(by: 1) double @skip(if: $no) again: raise(by: 1) }"
    )

    assert answer.data == {"raise": 1, "again": 2}
    assert plant.asked == ["meter"]


async def test_the_type_of_the_root_needs_no_subgraph() -> None:
    plant = a_plant(Tank())

    answer = await plant.answer("mutation { __typename }")

    assert answer.data == {"__typename": "Mutation"}
    assert plant.asked == []
