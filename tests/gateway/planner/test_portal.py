"""What the clients' own operations cost over the portal's supergraph."""

from pathlib import Path

import pytest

from gateway import viewer
from gateway.graph.query_graph import QueryGraph
from gateway.plan.printer import rounds
from gateway.supergraph.reader import read_supergraph
from portal.commands.compose import composed
from portal.subgraphs import SUPERGRAPH
from tests.support.plans import planned_over

OPERATIONS = Path(__file__).parent.parent.parent / "e2e" / "operations"
GRAPH = QueryGraph(read_supergraph(SUPERGRAPH.read_text()))


def test_the_committed_supergraph_is_that_of_the_committed_schemas() -> None:
    assert composed() == SUPERGRAPH.read_text()


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("dash_backlog", "cases"),
        ("mob_badge", "cases"),
        ("mob_keys", "licensing"),
        ("mob_reply", "cases"),
        ("mut_case", "cases > identity licensing"),
        ("mut_pay", "billing"),
        ("spa_account", "identity > billing licensing"),
        ("spa_case", "cases > identity licensing"),
        ("spa_cases", "cases > identity licensing"),
        ("spa_home", "identity > billing cases licensing"),
        ("spa_invoices", "billing > identity"),
        ("spa_keys", "licensing > billing identity"),
    ],
)
def test_an_operation_asks_each_service_once_a_round(operation: str, expected: str) -> None:
    plan = planned_over(GRAPH, (OPERATIONS / f"{operation}.graphql").read_text())

    # The viewer answers inside the gateway: it is no request.
    asked = [[name for name in names if name != viewer.NAME] for names in rounds(plan)]
    assert " > ".join(" ".join(names) for names in asked if names) == expected
