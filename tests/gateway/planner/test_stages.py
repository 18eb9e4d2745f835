"""How a plan comes to be, in words."""

from textwrap import dedent

from gateway.planner.planning import explain, plan
from gateway.planner.stages import Stages
from tests.support.plans import graph_of, operation_of

OPERATION = "{ products { id: name isExpensive } }"


def test_each_stage_is_told() -> None:
    graph = graph_of("requires")
    operation = operation_of(OPERATION, graph.supergraph.api_schema)
    stages = Stages(operation)

    made = explain(graph, operation, stages)

    assert made == plan(graph, operation)
    found = dict(stages.found)
    assert found["What is asked, without fragments and conditions"] == dedent(
        """\
        Query.products
          id: Product.name
          Product.isExpensive"""
    )
    assert found["Who answers what"] == dedent(
        """\
        to catalog, Query
          catalog: Query.products
            catalog: id: Product.name
            to pricing, Product
              by Product.id
                catalog: Product.id
              requires Product.price
                catalog: Product.price
              pricing: Product.isExpensive"""
    )
    assert found["What is sent together"] == "#0 catalog: 0\n#1 pricing: 1"
    assert found["As it is sent"] == dedent(
        """\
        0: catalog
          {
            products {
              id: name
              __p2_id: id
              price
              __typename
            }
          }
        1: pricing
          {
            ... on Product {
              isExpensive
            }
          }"""
    )


def test_what_is_renamed_is_told() -> None:
    graph = graph_of("conflicts")
    schema = graph.supergraph.api_schema
    text = "{ people { ... on User { pet { id } } ... on Admin { pet { id } } } }"
    stages = Stages(operation_of(text, schema))

    explain(graph, operation_of(text, schema), stages)

    assert "__pc1_id becomes id" in dict(stages.found)["As it is sent"]
