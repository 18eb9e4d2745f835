"""A root field of an interface that is in several subgraphs: fields are asked where they are, and a
subgraph that has nothing to add is left alone.
"""

from tests.support.federation import Federation, Subgraph, by, never

ENTRY = """
type Query { anyNode: Node nodes: [Node!]! gauge: Node }
interface Node { id: ID! }
type Gauge implements Node @key(fields: "id") { id: ID! }
type Valve implements Node @key(fields: "id") { id: ID! }
"""
IDS = """
interface Node { id: ID! }
type Gauge implements Node @key(fields: "id") { id: ID! }
type Valve implements Node @key(fields: "id") { id: ID! }
"""
KINDS = """
interface Node { id: ID! }
type Gauge implements Node @key(fields: "id") { id: ID! name: String! unit: Unit! }
type Valve implements Node @key(fields: "id") { id: ID! name: String! feeds: [Node!]! }
type Unit { symbol: String! }
"""

GAUGE = {"__typename": "Gauge", "id": "g1"}
VALVE = {"__typename": "Valve", "id": "v1"}
FED = [{**GAUGE, "name": "Boiler"}, {**VALVE, "name": "Main"}]


def a_plant() -> Federation:
    nowhere = {"Gauge": never, "Valve": never}
    return Federation(
        {
            "ids": Subgraph(IDS, references=nowhere),
            "entry": Subgraph(
                ENTRY,
                {"Query": {"anyNode": VALVE, "gauge": GAUGE, "nodes": [VALVE, GAUGE, VALVE]}},
                nowhere,
            ),
            "kinds": Subgraph(
                KINDS,
                references={
                    "Gauge": by("id", [{**GAUGE, "name": "Boiler", "unit": {"symbol": "bar"}}]),
                    "Valve": by("id", [{**VALVE, "name": "Main", "feeds": FED}]),
                },
            ),
        }
    )


async def test_fields_of_the_type_are_asked_where_they_are_and_nowhere_else() -> None:
    plant = a_plant()
    text = "{ gauge { ... on Gauge { id name __typename unit { symbol } } } }"

    answer = await plant.answer(text)

    assert answer.errors == []
    assert answer.data == {
        "gauge": {"id": "g1", "name": "Boiler", "__typename": "Gauge", "unit": {"symbol": "bar"}}
    }
    assert plant.asked == ["entry", "kinds"]
    assert plant.plan(text) == (
        """\
#0 entry
    {
      gauge {
        __typename
        ... on Gauge {
          id
        }
      }
    }
#1 kinds, after #0
  $r0: gauge, Gauge by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Gauge {
          name
          unit {
            symbol
          }
        }
      }
    }"""
    )


async def test_the_interfaces_own_fields_need_one_subgraph() -> None:
    plant = a_plant()

    answer = await plant.answer("{ nodes { id __typename } }")

    assert answer.errors == []
    assert answer.data is not None
    assert [each["__typename"] for each in answer.data["nodes"]] == ["Valve", "Gauge", "Valve"]
    assert plant.asked == ["entry"]


async def test_an_object_of_another_type_has_no_keys() -> None:
    plant = a_plant()

    answer = await plant.answer("{ anyNode { ... on Gauge { id name } } }")

    assert answer.errors == []
    assert answer.data == {"anyNode": {}}
    assert plant.asked == ["entry"]


async def test_the_same_object_twice_is_named_once() -> None:
    plant = a_plant()

    answer = await plant.answer("{ nodes { ... on Valve { name } ... on Gauge { name } } }")

    assert answer.errors == []
    assert answer.data == {"nodes": [{"name": "Main"}, {"name": "Boiler"}, {"name": "Main"}]}
    assert plant.representations == [
        {"__typename": "Valve", "id": "v1"},
        {"__typename": "Gauge", "id": "g1"},
    ]


async def test_an_interface_met_further_on_is_resolved_where_it_is_met() -> None:
    plant = a_plant()

    answer = await plant.answer(
        "{ anyNode { ... on Valve { feeds { id ... on Gauge { name } ... on Valve { name } } } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "anyNode": {"feeds": [{"id": "g1", "name": "Boiler"}, {"id": "v1", "name": "Main"}]}
    }
    assert plant.asked == ["entry", "kinds"]


async def test_two_roots_of_the_interface_share_their_requests() -> None:
    plant = a_plant()

    answer = await plant.answer(
        """
        { anyNode { ...Named } gauge { ...Named } }
        fragment Named on Node { ... on Gauge { name } ... on Valve { name } }
        """
    )

    assert answer.errors == []
    assert answer.data == {"anyNode": {"name": "Main"}, "gauge": {"name": "Boiler"}}
    assert plant.asked == ["entry", "kinds"]


async def test_an_entity_that_is_gone_takes_its_object_away() -> None:
    closed = {"Gauge": never, "Valve": never}
    plant = Federation(
        {
            "entry": Subgraph(ENTRY, {"Query": {"gauge": GAUGE}}, closed),
            "ids": Subgraph(IDS, references=closed),
            "kinds": Subgraph(KINDS, references={"Gauge": lambda _: None, "Valve": never}),
        }
    )

    answer = await plant.answer("{ gauge { id ... on Gauge { name } } }")

    assert answer.data == {"gauge": None}
    assert answer.faults == []
