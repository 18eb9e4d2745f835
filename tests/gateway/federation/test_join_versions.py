"""Supergraphs of older composers say the same things in other words; they are run all the same."""

from textwrap import dedent

import pytest

from tests.support.federation import Federation, Subgraph, by

_MACHINERY = """
    enum join__Graph {
      ORCHARD @join__graph(name: "orchard" url: "http://orchard")
      PRESS @join__graph(name: "press" url: "http://press")
    }
    scalar join__FieldSet
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
"""
JOIN_1 = f"""
    schema
      @core(feature: "https://specs.apollo.dev/core/v0.1")
      @core(feature: "https://specs.apollo.dev/join/v0.1")
    {{ query: Query }}
    directive @core(feature: String!) repeatable on SCHEMA
    directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
    directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
    directive @join__field(
      graph: join__Graph
      requires: join__FieldSet
      provides: join__FieldSet
    ) on FIELD_DEFINITION
    {_MACHINERY}
    type Query {{
      apples: [Apple!]! @join__field(graph: ORCHARD)
      pressed: [Apple!]! @join__field(graph: PRESS, provides: "sort")
    }}
    type Apple
      @join__owner(graph: ORCHARD)
      @join__type(graph: ORCHARD, key: "id")
      @join__type(graph: PRESS, key: "id")
    {{
      id: ID! @join__field(graph: ORCHARD)
      sort: String @join__field(graph: ORCHARD)
      grams: Int @join__field(graph: ORCHARD)
      tree: Tree @join__field(graph: ORCHARD)
      juice: Int @join__field(graph: PRESS, requires: "grams")
      bottle: Bottle @join__field(graph: PRESS)
    }}
    type Tree {{ row: Int }}
    type Bottle {{ litres: Int }}
"""
JOIN_2 = f"""
    schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/join/v0.2", for: EXECUTION)
    {{ query: Query }}
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import])
      repeatable on SCHEMA
    enum link__Purpose {{ SECURITY EXECUTION }}
    scalar link__Import
    directive @join__type(
      graph: join__Graph!
      key: join__FieldSet
      extension: Boolean! = false
      resolvable: Boolean! = true
    ) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__field(
      graph: join__Graph!
      requires: join__FieldSet
      provides: join__FieldSet
      type: String
      external: Boolean
      override: String
      usedOverridden: Boolean
    ) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!)
      repeatable on OBJECT | INTERFACE
    {_MACHINERY}
    type Query @join__type(graph: ORCHARD) @join__type(graph: PRESS) {{
      apples: [Apple!]! @join__field(graph: ORCHARD)
      pressed: [Apple!]! @join__field(graph: PRESS, provides: "sort")
    }}
    type Apple
      @join__type(graph: ORCHARD, key: "id")
      @join__type(graph: PRESS, key: "id", extension: true)
    {{
      id: ID!
      sort: String @join__field(graph: ORCHARD) @join__field(graph: PRESS, external: true)
      grams: Int @join__field(graph: ORCHARD) @join__field(graph: PRESS, external: true)
      tree: Tree @join__field(graph: ORCHARD)
      juice: Int @join__field(graph: PRESS, requires: "grams")
      bottle: Bottle @join__field(graph: PRESS)
    }}
    type Tree @join__type(graph: ORCHARD) {{ row: Int }}
    type Bottle @join__type(graph: PRESS) {{ litres: Int }}
"""
ORCHARD = """
    type Query { apples: [Apple!]! }
    type Apple @key(fields: "id") { id: ID! sort: String grams: Int tree: Tree }
    type Tree { row: Int }
"""
PRESS = """
    type Query { pressed: [Apple!]! @provides(fields: "sort") }
    extend type Apple @key(fields: "id") {
      id: ID! @external
      sort: String @external
      grams: Int @external
      juice: Int @requires(fields: "grams")
      bottle: Bottle
    }
    type Bottle { litres: Int }
"""


def an_orchard(supergraph: str) -> Federation:
    apple = {"id": "1", "sort": "Gala", "grams": 200, "tree": {"row": 4}}
    return Federation(
        {
            "orchard": Subgraph(
                ORCHARD, {"Query": {"apples": [apple]}}, {"Apple": by("id", [apple])}
            ),
            "press": Subgraph(
                PRESS,
                {
                    "Query": {"pressed": [{"id": "1", "sort": "Gala"}]},
                    "Apple": {
                        "juice": lambda apple: apple["grams"] // 2,
                        "bottle": {"litres": 1},
                    },
                },
            ),
        },
        supergraph=supergraph,
    )


@pytest.mark.parametrize("supergraph", [JOIN_1, JOIN_2], ids=["v0.1", "v0.2"])
@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "{ apples { sort tree { row } } }",
            {"apples": [{"sort": "Gala", "tree": {"row": 4}}]},
            ["orchard"],
        ),
        (
            "{ apples { juice bottle { litres } } }",
            {"apples": [{"juice": 100, "bottle": {"litres": 1}}]},
            ["orchard", "press"],
        ),
    ],
)
async def test_an_older_supergraph_is_run_like_a_new_one(
    supergraph: str, text: str, expected: object, asked: list[str]
) -> None:
    orchard = an_orchard(supergraph)

    answer = await orchard.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert orchard.asked == asked


@pytest.mark.parametrize("supergraph", [JOIN_1, JOIN_2], ids=["v0.1", "v0.2"])
@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "{ pressed { id bottle { litres } } }",
            {"pressed": [{"id": "1", "bottle": {"litres": 1}}]},
            ["press"],
        ),
        ("{ pressed { sort } }", {"pressed": [{"sort": "Gala"}]}, ["press"]),
        (
            "{ pressed { juice sort } }",
            {"pressed": [{"juice": 100, "sort": "Gala"}]},
            ["press", "orchard", "press"],
        ),
        ("{ pressed { grams } }", {"pressed": [{"grams": 200}]}, ["press", "orchard"]),
    ],
)
async def test_a_subgraph_that_extends_a_type_has_its_key_and_what_it_provides(
    supergraph: str, text: str, expected: object, asked: list[str]
) -> None:
    orchard = an_orchard(supergraph)

    answer = await orchard.answer(text)

    assert (answer.data, answer.errors) == (expected, [])
    assert orchard.asked == asked


@pytest.mark.parametrize("supergraph", [JOIN_1, JOIN_2], ids=["v0.1", "v0.2"])
def test_the_plan_is_the_same(supergraph: str) -> None:
    assert an_orchard(supergraph).plan("{ apples { juice } }") == dedent(
        """\
        #0 orchard
            {
              apples {
                id
                grams
                __typename
              }
            }
        #1 press, after #0
          $r0: apples.@, Apple by {id grams}
            query ($r0: [_Any!]!) {
              _entities(representations: $r0) {
                ... on Apple {
                  juice
                }
              }
            }"""
    )


@pytest.mark.parametrize("supergraph", [JOIN_1, JOIN_2], ids=["v0.1", "v0.2"])
def test_clients_see_nothing_of_it(supergraph: str) -> None:
    schema = an_orchard(supergraph).graph.supergraph.api_schema

    assert not [name for name in schema.type_map if "join" in name or "link" in name]
    assert not [each.name for each in schema.directives if each.name in ("core", "link")]
