"""`python -m benchmarks.engine`: composing the portal, planning its clients' operations, refusing
the worst that could be sent. CPU milliseconds of this machine, the best of several runs."""

import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from graphql import DocumentNode, OperationDefinitionNode, parse

from benchmarks.adversaries import ADVERSARIES
from gateway.documents import Documents
from gateway.errors import PlanTooComplex
from gateway.graph.query_graph import QueryGraph
from gateway.operation.limits import Limits
from gateway.operation.model import Operation
from gateway.operation.normalise import normalise
from gateway.plan.printer import rounds
from gateway.planner.planning import plan
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from portal.commands.compose import composed

OPERATIONS: Final = Path(__file__).parent.parent / "tests" / "e2e" / "operations"
_RUNS: Final = 5


def main() -> None:
    """Print a line for each measurement."""
    gc.freeze()
    print("| | ms |")
    print("|---|---:|")
    for name, milliseconds in (*_portal(), *_adversaries()):
        print(f"| {name} | {milliseconds:.1f} |")


def _portal() -> Iterator[tuple[str, float]]:
    sdl = composed()
    yield "compose the portal's subgraphs", _best(composed)
    yield "read the supergraph", _best(lambda: read_supergraph(sdl))
    supergraph = read_supergraph(sdl)
    graph = QueryGraph(supergraph)
    for file in sorted(OPERATIONS.glob("*.graphql")):
        operation = _operation(supergraph, file.read_text(encoding="utf-8"))
        made = plan(graph, operation)
        cost = f"{len(made.fetches)} requests in {len(rounds(made))} rounds"
        yield f"plan {file.stem}: {cost}", _best(partial(plan, graph, operation))


def _adversaries() -> Iterator[tuple[str, float]]:
    for adversary in ADVERSARIES:
        graph = QueryGraph(read_supergraph(adversary.supergraph()))
        document = parse(adversary.operation)
        verdict = _verdict(graph, document)
        yield f"{verdict} {adversary.name}", _best(partial(_verdict, graph, document))


def _verdict(graph: QueryGraph, document: DocumentNode) -> str:
    """What becomes of a document, once it is parsed."""
    [node] = document.definitions
    assert isinstance(node, OperationDefinitionNode)
    try:
        plan(graph, normalise(document, node, graph.supergraph.api_schema, {}))
    except PlanTooComplex:
        return "refuse"
    return "plan"


def _operation(supergraph: Supergraph, text: str) -> Operation:
    schema = supergraph.api_schema
    document = Documents(schema, Limits(), introspection=True, size=1).prepare(text, None)
    truths = dict.fromkeys(document.conditions, True)
    return normalise(document.node, document.operation, schema, truths)


def _best(run: Callable[[], Any]) -> float:
    return min(_milliseconds(run) for _ in range(_RUNS))


def _milliseconds(run: Callable[[], Any]) -> float:
    started = time.process_time()
    run()
    return 1000 * (time.process_time() - started)


if __name__ == "__main__":
    main()
