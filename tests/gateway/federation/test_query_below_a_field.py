"""A field below the root that returns Query goes on in any subgraph, without a key."""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph, by, never

STAGE = """
    type Query { scene: Scene curtain: String }
    type Mutation { raise: Raised }
    type Raised { at: Int query: Query }
    type Scene @key(fields: "id") { id: ID! title: String query: Query queries: [Query!] }
"""
LIGHTS = """
    type Query { lamps: Int lit: [Scene!]! }
    type Scene @key(fields: "id") { id: ID! colour: String }
"""


def a_stage() -> Federation:
    scene = {"id": "1", "title": "Storm", "query": {}, "queries": [{}, {}]}
    return Federation(
        {
            "stage": Subgraph(
                STAGE,
                {
                    "Query": {"scene": scene, "curtain": "up"},
                    "Mutation": {"raise": {"at": 9, "query": {}}},
                },
                {"Scene": by("id", [scene])},
            ),
            "lights": Subgraph(
                LIGHTS,
                {"Query": {"lamps": 12, "lit": [{"id": "1", "colour": "blue"}]}},
                {"Scene": lambda _: {"colour": "blue"}},
            ),
        }
    )


async def test_what_the_subgraph_has_it_answers_itself() -> None:
    stage = a_stage()

    answer = await stage.answer("{ scene { title query { curtain } } }")

    assert answer.data == {"scene": {"title": "Storm", "query": {"curtain": "up"}}}
    assert stage.asked == ["stage"]


async def test_what_another_subgraph_has_is_asked_there() -> None:
    stage = a_stage()

    answer = await stage.answer("{ scene { query { lamps curtain } } }")

    assert answer.errors == []
    assert answer.data == {"scene": {"query": {"lamps": 12, "curtain": "up"}}}
    assert stage.asked == ["stage", "lights"]


async def test_entities_below_it_go_on_as_everywhere() -> None:
    stage = a_stage()

    answer = await stage.answer("{ scene { query { lit { title colour } scene { colour } } } }")

    assert answer.errors == []
    assert answer.data == {
        "scene": {
            "query": {
                "lit": [{"title": "Storm", "colour": "blue"}],
                "scene": {"colour": "blue"},
            }
        }
    }


async def test_after_a_mutation_it_is_a_query() -> None:
    stage = a_stage()

    answer = await stage.answer("mutation { raise { at query { lamps scene { title } } } }")

    assert answer.errors == []
    assert answer.data == {"raise": {"at": 9, "query": {"lamps": 12, "scene": {"title": "Storm"}}}}
    assert stage.calls[1].document.startswith(("query", "{"))


async def test_it_is_read_before_the_next_mutation_runs() -> None:
    stage = a_stage()

    answer = await stage.answer(
        "mutation { a: raise { query { lamps } } b: raise { query { curtain } } }"
    )

    assert answer.data == {"a": {"query": {"lamps": 12}}, "b": {"query": {"curtain": "up"}}}
    assert stage.asked == ["stage", "lights", "stage"]


async def test_it_may_be_followed_again_and_again() -> None:
    stage = a_stage()

    answer = await stage.answer("{ lit { query { scene { query { lit { query { lamps } } } } } } }")

    below = {"scene": {"query": {"lit": [{"query": {"lamps": 12}}]}}}
    assert (answer.data, answer.errors) == ({"lit": [{"query": below}]}, [])


async def test_every_element_of_a_list_gets_its_part() -> None:
    stage = a_stage()

    answer = await stage.answer("{ scene { queries { lamps } } }")

    assert answer.errors == []
    assert answer.data == {"scene": {"queries": [{"lamps": 12}, {"lamps": 12}]}}
    assert stage.asked == ["stage", "lights"]


async def test_the_same_field_at_the_root_and_below_is_no_conflict() -> None:
    stage = a_stage()

    answer = await stage.answer("{ a: lamps scene { a: title query { b: lamps a: curtain } } }")

    assert answer.errors == []
    assert answer.data == {"a": 12, "scene": {"a": "Storm", "query": {"b": 12, "a": "up"}}}


async def test_a_subgraph_that_fails_costs_its_own_part_of_it() -> None:
    stage = Federation(
        {
            "stage": Subgraph(STAGE, {"Query": {"scene": {"query": {}}, "curtain": "up"}}),
            "lights": Subgraph(LIGHTS, {"Query": {"lamps": never}}),
        }
    )

    answer = await stage.answer("{ scene { query { curtain lamps } } }")

    assert answer.data == {"scene": {"query": {"curtain": "up", "lamps": None}}}
    assert answer.faults == [("SUBGRAPH_ERROR", "scene.query.lamps")]


async def test_where_the_field_is_null_nothing_is_asked() -> None:
    stage = Federation(
        {
            "stage": Subgraph(STAGE, {"Query": {"scene": {"query": None}}}),
            "lights": Subgraph(LIGHTS, {"Query": {"lamps": never}}),
        }
    )

    answer = await stage.answer("{ scene { query { lamps } } }")

    assert (answer.data, answer.errors) == ({"scene": {"query": None}}, [])
    assert stage.asked == ["stage"]


def test_the_other_subgraph_is_asked_root_fields_for_the_place_of_the_field() -> None:
    assert a_stage().plan("{ scene { query { lamps } } }") == dedent(
        """\
        #0 stage
            {
              scene {
                query {
                  __typename
                }
              }
            }
        #1 lights, after #0
          into scene.query
            {
              lamps
            }"""
    )


async def test_its_type_is_the_root_type() -> None:
    answer = await a_stage().answer("{ scene { query { __typename lamps } } }")

    assert answer.data == {"scene": {"query": {"__typename": "Query", "lamps": 12}}}


async def test_the_schema_is_told_at_the_root_of_an_operation_only() -> None:
    stage = a_stage()

    answer = await stage.answer('{ scene { query { lamps __type(name: "Scene") { kind } } } }')

    assert answer.data is None
    assert [code for code, _ in answer.faults] == ["QUERY_PLAN_IMPOSSIBLE"]
    assert stage.asked == []
