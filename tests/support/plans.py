"""Plans over the supergraphs that the tests keep."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, OperationDefinitionNode, parse, validate

from gateway.graph.query_graph import QueryGraph
from gateway.operation.budget import Budget
from gateway.operation.conditions import condition_variables
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.fetch import Plan
from gateway.planner.planning import DEFAULT_BUDGET, plan
from gateway.supergraph.reader import read_supergraph

_FOLDER = Path(__file__).parent.parent / "gateway" / "planner" / "supergraphs"


@cache
def graph_of(name: str) -> QueryGraph:
    """The query graph of a kept supergraph."""
    return QueryGraph(read_supergraph(supergraph_text(name)))


def operation_of(text: str, schema: GraphQLSchema, **truths: bool) -> Operation:
    """A valid document's only operation, normalised."""
    document = parse(text)
    assert validate(schema, document) == []
    [operation] = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    assert condition_variables(document, operation) == truths.keys()
    return normalise(document, operation, schema, truths)


def planned(name: str, text: str, *, budget: Budget = DEFAULT_BUDGET, **truths: bool) -> Plan:
    """The plan of an operation over a kept supergraph."""
    return planned_over(graph_of(name), text, budget=budget, **truths)


def planned_over(
    graph: QueryGraph, text: str, *, budget: Budget = DEFAULT_BUDGET, **truths: bool
) -> Plan:
    """The plan of an operation over a graph."""
    operation = operation_of(text, graph.supergraph.api_schema, **truths)
    return plan(graph, operation, budget=budget)


def supergraph_text(name: str) -> str:
    """A kept supergraph as it stands."""
    return (_FOLDER / f"{name}.graphql").read_text()
