"""An @override from a subgraph that is not there takes nothing from anybody."""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph

TIDE = """
    type Query { buoys: [Buoy!]! @shareable tideBuoy: Buoy }
    type Buoy @key(fields: "id") { id: ID! height: Int @shareable @override(from: "sonar") }
"""
WIND = """
    type Query { buoys: [Buoy!]! @shareable windBuoy: Buoy }
    type Buoy @key(fields: "id") { id: ID! height: Int @shareable speed: Int }
"""


def a_coast() -> Federation:
    return Federation(
        {
            "tide": Subgraph(
                TIDE,
                {
                    "Query": {
                        "buoys": [{"id": "1", "height": 3}],
                        "tideBuoy": {"id": "1", "height": 3},
                    }
                },
            ),
            "wind": Subgraph(
                WIND,
                {
                    "Query": {
                        "buoys": [{"id": "1", "height": 3, "speed": 8}],
                        "windBuoy": {"id": "1", "height": 3, "speed": 8},
                    }
                },
            ),
        }
    )


@pytest.mark.parametrize(("root", "subgraph"), [("tideBuoy", "tide"), ("windBuoy", "wind")])
async def test_each_subgraph_answers_the_field_itself(root: str, subgraph: str) -> None:
    coast = a_coast()

    answer = await coast.answer(f"{{ {root} {{ height }} }}")

    assert (answer.data, answer.errors) == ({root: {"height": 3}}, [])
    assert coast.asked == [subgraph]


def test_a_shared_root_is_one_request_wherever_it_goes() -> None:
    assert a_coast().plan("{ buoys { height speed } }") == dedent(
        """\
        #0 wind
            {
              buoys {
                height
                speed
              }
            }"""
    )


def test_the_supergraph_gives_the_field_to_both() -> None:
    subgraphs = a_coast().graph.supergraph.subgraphs

    assert all("height" in subgraphs[name].types["Buoy"].fields for name in ("tide", "wind"))
