"""Which requests an operation costs. The supergraphs are those of a reference composer."""

import pytest

from gateway.errors import NoPlan, PlanTooComplex
from gateway.graph.query_graph import QueryGraph
from gateway.operation.budget import Budget
from gateway.plan.printer import render, rounds
from gateway.supergraph.reader import read_supergraph
from tests.support.plans import planned, planned_over, supergraph_text


@pytest.mark.parametrize(
    ("supergraph", "operation", "expected"),
    [
        ("requires", "{ products { name isExpensive } }", "catalog > pricing"),
        ("requires", "{ products { canAfford } }", "catalog > pricing > buying"),
        (
            "requires",
            "{ products { canAfford canAffordWithDiscount } }",
            "catalog > discounts > pricing > buying",
        ),
        ("requires", "{ products { isExpensive plain price } }", "catalog > pricing"),
        ("requires", "{ featured { shipping name } }", "shipping > catalog > shipping"),
        ("abstract", "{ products { id reviews { stars } } }", "catalog > reviews"),
        ("abstract", "{ media { ... on Film { director { born } } } }", "catalog > films > people"),
        ("abstract", "{ media { __typename } }", "catalog"),
        ("keys", "{ product(id: 1) { price } }", "root > link > price"),
        ("keys", "{ top { first { id } } }", "root > link > list"),
        ("keys", "{ product(id: 1) { category { name products } } }", "root > link > price"),
        ("interface_object", "{ users { id note } }", "users > notes"),
        ("interface_object", "{ users { ... on User { age note } } }", "users > notes"),
        ("interface_object", "{ noted { id note } }", "notes"),
        ("interface_object", "{ noted { note __typename } }", "notes > users"),
        ("interface_object", "{ noted { ... on User { age note } } }", "notes > users > notes"),
        ("roots", "{ media { id animals { id name } } }", "b"),
        ("roots", "{ media { animals { age name } } }", "b > c"),
        ("roots", "{ feed { id createdAt } }", "b"),
        ("roots", "{ clock __typename }", "a"),
        ("roots", "{ __typename }", ""),
    ],
)
def test_an_operation_costs_no_request_too_many(
    supergraph: str, operation: str, expected: str
) -> None:
    asked = rounds(planned(supergraph, operation))

    assert " > ".join("+".join(names) for names in asked) == expected


def test_fetches_that_do_not_need_each_other_share_a_round() -> None:
    plan = planned("requires", "{ featured { canAfford shipping } }")

    assert rounds(plan) == [["shipping"], ["catalog"], ["pricing", "shipping"], ["buying"]]


def test_entities_of_several_types_are_asked_for_at_once() -> None:
    plan = planned("abstract", "{ products { reviews { stars } } }")

    assert render(plan) == (
        """\
#0 catalog
    {
      products {
        __typename
        id
      }
    }
#1 reviews, after #0
  $r0: products.@, Book | Film by {id}
    query ($r0: [_Any!]!) {
      _entities(representations: $r0) {
        ... on Book {
          reviews {
            stars
          }
        }
        ... on Film {
          reviews {
            stars
          }
        }
      }
    }"""
    )


def test_the_same_objects_in_several_places_are_named_in_one_list() -> None:
    plan = planned("keys", "{ top { products { price } first { price } } }")

    [price] = [fetch for fetch in plan.fetches if fetch.subgraph == "price"]
    [entities] = price.entities
    assert len(entities.paths) == 2


def test_a_clients_alias_never_takes_a_keys_place() -> None:
    plan = planned("requires", "{ products { id: name isExpensive } }")

    assert "id: name" in render(plan)
    assert "$r0: products.@, Product by {__p2_id→id price}" in render(plan)


def test_a_clients_alias_of_a_key_is_used_for_it() -> None:
    plan = planned("requires", "{ products { key: id isExpensive } }")

    assert "$r0: products.@, Product by {key→id price}" in render(plan)


def test_what_is_skipped_costs_nothing() -> None:
    text = "query ($asked: Boolean!) { products { name canAfford @include(if: $asked) } }"

    assert rounds(planned("requires", text, asked=False)) == [["catalog"]]
    assert len(rounds(planned("requires", text, asked=True))) == 3


def test_root_fields_of_a_mutation_run_in_their_order() -> None:
    text = "mutation { a: add(n: 1) b: multiply(n: 2) c: add(n: 3) d: add(n: 4) }"
    plan = planned("roots", text)

    assert [fetch.subgraph for fetch in plan.fetches] == ["a", "b", "a"]
    assert [sorted(fetch.depends_on) for fetch in plan.fetches] == [[], [0], [0, 1]]


def test_an_entity_that_a_mutation_made_is_entered_once() -> None:
    plan = planned("roots", "mutation { addProduct { name price isExpensive isAvailable } }")

    assert rounds(plan) == [["a"], ["b"]]


def test_a_mutations_follow_up_is_a_query() -> None:
    plan = planned("roots", "mutation { addProduct { isAvailable } }")

    assert plan.fetches[1].document.startswith("query")


def test_only_the_variables_that_a_request_uses_go_with_it() -> None:
    text = "query Q($a: ID!, $b: ID!) { x: product(id: $a) { price } y: product(id: $b) { id } }"
    root, *others = planned("keys", text).fetches

    assert root.variables == ("a", "b")
    assert all(fetch.variables == () for fetch in others)


def test_representation_variables_keep_clear_of_the_clients() -> None:
    plan = planned("keys", "query ($r0: ID!) { product(id: $r0) { price } }")

    assert plan.fetches[1].entities[0].variable == "r_0"


def test_a_search_over_its_budget_is_refused() -> None:
    with pytest.raises(PlanTooComplex):
        planned(
            "requires", "{ products { canAfford canAffordWithDiscount } }", budget=Budget(steps=3)
        )


def test_a_field_that_cannot_be_reached_makes_no_plan() -> None:
    text = supergraph_text("interface_object").replace(
        "isInterfaceObject: true", "resolvable: false, isInterfaceObject: true"
    )
    graph = QueryGraph(read_supergraph(text))

    with pytest.raises(NoPlan, match=r"note"):
        planned_over(graph, "{ users { id note } }")


def test_keys_that_a_subgraph_would_not_merge_are_renamed_in_its_answer() -> None:
    text = "{ people { ... on User { pet { id } } ... on Admin { pet { id } } } }"
    [fetch] = planned("conflicts", text).fetches

    assert "{__pc1_id:id}" in fetch.document
    [rename] = fetch.renames
    assert (rename.key, rename.name) == ("__pc1_id", "id")
