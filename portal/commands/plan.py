"""`portal plan`: which requests an operation costs."""

from pathlib import Path

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.subgraphs import SUPERGRAPH


def plan(console: PortalConsole, file: Path, *, name: str | None, stages: bool) -> None:
    """Print the plan of the operation in `file`, with `stages` how it comes to be.

    The variables of @skip and @include are taken as true. Raises `PortalError` when the operation
    has no plan.
    """
    # Imported late: the other commands need no engine.
    from gateway import viewer
    from gateway.documents import Documents
    from gateway.errors import GatewayError
    from gateway.graph.query_graph import QueryGraph
    from gateway.operation.limits import Limits
    from gateway.operation.normalise import normalise
    from gateway.plan.printer import render, rounds
    from gateway.planner.planning import explain
    from gateway.planner.stages import Stages
    from gateway.supergraph.reader import read_supergraph

    try:
        supergraph = read_supergraph(SUPERGRAPH.read_text(encoding="utf-8"))
        schema = supergraph.api_schema
        documents = Documents(schema, Limits(), introspection=True, size=1)
        document = documents.prepare(file.read_text(encoding="utf-8"), name)
        truths = dict.fromkeys(document.conditions, True)
        operation = normalise(document.node, document.operation, schema, truths)
        seen = Stages(operation)
        made = explain(QueryGraph(supergraph), operation, seen)
    except GatewayError as error:
        raise PortalError(f"{file}: {error}") from error
    for title, text in seen.found if stages else ():
        console.note(f"{title}:\n\n{text}\n")
    console.note(render(made))
    asked = [[name for name in names if name != viewer.NAME] for names in rounds(made)]
    asked = [names for names in asked if names]
    total = sum(map(len, asked))
    then = ", then ".join(" and ".join(names) for names in asked)
    console.note(f"{_counted(total, 'request')} in {_counted(len(asked), 'round')}: {then}.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
