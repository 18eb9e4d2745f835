"""Operations that are meant to take the planner long are planned, or refused in time."""

import pytest
from graphql import DocumentNode, OperationDefinitionNode, parse

from benchmarks.adversaries import ADVERSARIES, Adversary, chain, fan, interface, nested
from gateway.errors import PlanTooComplex
from gateway.graph.query_graph import QueryGraph
from gateway.operation.budget import Budget
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.printer import requests, rounds
from gateway.planner.planning import plan
from gateway.supergraph.reader import read_supergraph


def planned_within(steps: int, graph: QueryGraph, text: str) -> int:
    """How many requests the plan has that takes no more steps than these."""
    return len(plan(graph, operation(graph, text), budget=Budget(steps=steps)).fetches)


def operation(graph: QueryGraph, text: str, most_fields: int = 2_500) -> Operation:
    document: DocumentNode = parse(text)
    [node] = document.definitions
    assert isinstance(node, OperationDefinitionNode)
    return normalise(document, node, graph.supergraph.api_schema, {}, most_fields=most_fields)


def graph_of(supergraph: str) -> QueryGraph:
    return QueryGraph(read_supergraph(supergraph))


@pytest.mark.parametrize("adversary", ADVERSARIES[:2], ids=lambda each: each.name)
def test_width_alone_is_planned(adversary: Adversary) -> None:
    graph = graph_of(adversary.supergraph())

    made = plan(graph, operation(graph, adversary.operation))

    assert len(rounds(made)) == 2
    assert set(requests(made).values()) == {1}


@pytest.mark.parametrize("adversary", ADVERSARIES[3:], ids=lambda each: each.name)
def test_what_has_too_many_ways_or_fields_is_refused(adversary: Adversary) -> None:
    graph = graph_of(adversary.supergraph())

    with pytest.raises(PlanTooComplex) as refused:
        plan(graph, operation(graph, adversary.operation))

    assert refused.value.code == "QUERY_PLAN_TOO_COMPLEX"


def test_the_steps_grow_with_the_subgraphs_and_not_with_their_subsets() -> None:
    text = "{ people { " + " ".join(f"f{n}" for n in range(12)) + " } }"

    assert planned_within(600, graph_of(fan(12)), text) == 13


def test_a_key_behind_other_keys_is_followed() -> None:
    assert planned_within(500, graph_of(chain(16)), "{ a { k15 } }") == 16


def test_keys_that_lead_on_without_end_are_refused() -> None:
    with pytest.raises(PlanTooComplex, match="more than 40 times"):
        planned_within(2_500, graph_of(chain(45)), "{ a { k44 } }")


def test_fields_are_counted_while_fragments_unfold() -> None:
    graph = graph_of(interface(6))
    text = f"{{ n {{ {nested(6, 2)} }} }}"

    fits = operation(graph, text, most_fields=1_000)
    with pytest.raises(PlanTooComplex):
        operation(graph, text, most_fields=100)

    assert fits.roots


def test_without_time_there_is_no_plan() -> None:
    graph = graph_of(fan(3))

    with pytest.raises(PlanTooComplex):
        plan(graph, operation(graph, "{ people { f0 } }"), budget=Budget(milliseconds=0))


def test_without_further_plans_the_first_is_taken() -> None:
    graph = graph_of(ADVERSARIES[1].supergraph())
    asked = operation(graph, ADVERSARIES[1].operation)

    first = plan(graph, asked, budget=Budget(plans=0))

    assert len(first.fetches) >= len(plan(graph, asked).fetches)
