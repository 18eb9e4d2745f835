"""An argument may take its value from an object further up (@context and @fromContext): clients
neither see nor send it, and each object gets that of its own surroundings.
"""

from collections.abc import Callable
from textwrap import dedent
from typing import Any

from tests.support.federation import Federation, Subgraph, by

PLANTS = """
    type Query { plants: [Plant!]! plant: Plant }
    type Plant @key(fields: "id") { id: ID! country: Country volts: Int boss: String }
    type Country @shareable { code: String! }
"""
MACHINES = """
    type Query { running: [Plant!]! }
    type Plant @key(fields: "id") @context(name: "plant") {
      id: ID!
      country: Country @external
      volts: Int @external
      machines: [Machine!]!
    }
    type Country @shareable { code: String! }
    type Machine @key(fields: "id") {
      id: ID!
      plug(code: String @fromContext(field: "$plant { country { code } }")): String
      power(
        volts: Int @fromContext(field: "$plant { volts }")
        amperes: Int! = 1
      ): Int
    }
"""
PLANT_ROWS = [
    {"id": "n", "country": {"code": "NO"}, "volts": 230, "boss": "Liv"},
    {"id": "u", "country": {"code": "US"}, "volts": 110, "boss": "Bob"},
]
MACHINE_ROWS = [
    {"id": "n", "machines": [{"id": "1"}, {"id": "2"}]},
    {"id": "u", "machines": [{"id": "3"}]},
]


def plug_of(machine: dict[str, Any], code: str | None) -> str:
    return f"{machine['id']} for {code}"


def factories(*, plug: Callable[..., str] = plug_of, **fields: Any) -> Federation:
    """`fields` are what all plants have instead of their own."""
    rows = [row | fields for row in PLANT_ROWS]
    return Federation(
        {
            "plants": Subgraph(
                PLANTS, {"Query": {"plants": rows, "plant": rows[0]}}, {"Plant": by("id", rows)}
            ),
            "machines": Subgraph(
                MACHINES,
                {
                    "Query": {"running": MACHINE_ROWS},
                    "Machine": {
                        "plug": plug,
                        "power": lambda _, volts, amperes: volts and volts * amperes,
                    },
                },
                {"Plant": by("id", MACHINE_ROWS)},
            ),
        }
    )


async def test_each_object_gets_the_value_of_what_it_is_in() -> None:
    answer = await factories().answer("{ plants { machines { plug } } }")

    assert answer.errors == []
    assert answer.data == {
        "plants": [
            {"machines": [{"plug": "1 for NO"}, {"plug": "2 for NO"}]},
            {"machines": [{"plug": "3 for US"}]},
        ]
    }


async def test_it_works_from_the_subgraph_with_the_argument_as_well() -> None:
    answer = await factories().answer("{ running { machines { id plug } } }")

    assert answer.errors == []
    assert answer.data == {
        "running": [
            {"machines": [{"id": "1", "plug": "1 for NO"}, {"id": "2", "plug": "2 for NO"}]},
            {"machines": [{"id": "3", "plug": "3 for US"}]},
        ]
    }


async def test_objects_with_different_values_share_a_request() -> None:
    federation = factories()

    await federation.answer("{ running { machines { plug power } } }")

    assert federation.asked == ["machines", "plants", "machines"]


async def test_the_clients_own_arguments_stay() -> None:
    answer = await factories().answer(
        "query ($a: Int!) { plants { machines { power(amperes: $a) low: power } } }", {"a": 10}
    )

    assert answer.errors == []
    assert answer.data == {
        "plants": [
            {"machines": [{"power": 2300, "low": 230}, {"power": 2300, "low": 230}]},
            {"machines": [{"power": 1100, "low": 110}]},
        ]
    }


async def test_clients_cannot_give_the_argument() -> None:
    federation = factories()

    answer = await federation.answer('{ plants { machines { plug(code: "SE") } } }')

    assert [code for code, _ in answer.faults] == ["GRAPHQL_VALIDATION_FAILED"]
    assert federation.asked == []


async def test_a_null_is_given_as_null() -> None:
    answer = await factories(volts=None).answer("{ plants { machines { power } } }")

    assert answer.errors == []
    assert answer.data == {
        "plants": [
            {"machines": [{"power": None}, {"power": None}]},
            {"machines": [{"power": None}]},
        ]
    }


async def test_what_is_read_from_above_is_not_shown() -> None:
    answer = await factories().answer("{ plant { boss machines { plug } } }")

    assert answer.data == {
        "plant": {"boss": "Liv", "machines": [{"plug": "1 for NO"}, {"plug": "2 for NO"}]}
    }


async def test_a_clients_aliases_above_do_not_disturb_it() -> None:
    answer = await factories().answer(
        "{ plant { country: boss volts: id all: machines { id: plug plug: power } } }"
    )

    assert answer.errors == []
    assert answer.data == {
        "plant": {
            "country": "Liv",
            "volts": "n",
            "all": [{"id": "1 for NO", "plug": 230}, {"id": "2 for NO", "plug": 230}],
        }
    }


async def test_a_source_that_fails_costs_the_field_and_is_told_there() -> None:
    answer = await factories(country=ValueError()).answer("{ plant { machines { id plug } } }")

    assert answer.data == {
        "plant": {"machines": [{"id": "1", "plug": None}, {"id": "2", "plug": None}]}
    }
    assert answer.faults == [
        ("SUBGRAPH_ERROR", "plant.machines.0.plug"),
        ("SUBGRAPH_ERROR", "plant.machines.1.plug"),
    ]


async def test_a_field_that_fails_for_one_value_is_told_where_that_value_is() -> None:
    sockets = {"NO": "F"}

    answer = await factories(plug=lambda _, code: sockets[code]).answer(
        "{ running { machines { plug } } }"
    )

    assert answer.data == {
        "running": [
            {"machines": [{"plug": "F"}, {"plug": "F"}]},
            {"machines": [{"plug": None}]},
        ]
    }
    assert answer.faults == [("SUBGRAPH_ERROR", "running.1.machines.0.plug")]


def test_the_value_goes_as_a_variable_of_a_later_request() -> None:
    assert factories().rounds("{ running { machines { plug } } }") == "machines > plants > machines"


def test_a_value_that_is_at_hand_is_not_fetched_again() -> None:
    assert factories().plan("{ plants { machines { plug } } }") == dedent(
        """\
        #0 plants
            {
              plants {
                id
                __typename
                country {
                  code
                }
              }
            }
        #1 machines, after #0
          $r0: plants.@, Plant by {id}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Plant {
                  machines {
                    id
                    __typename
                  }
                }
              }
            }
        #2 machines, after #0, #1
          $r0: plants.@.machines.@, Machine by {id}
            query ($r0: [_Any!]!, $__p2_0: String) {
              _entities(representations: $r0) {
                ... on Machine {
                  plug(code: $__p2_0)
                }
              }
            }"""
    )
