"""Findings in words."""

import json
from collections.abc import Iterator

from tests.fuzz.campaign import Finding, Outcome
from tests.fuzz.trial import Trial


def finding(found: Finding) -> str:
    """The subgraphs, the operation, the plan, both answers, and how to repeat it."""
    return "\n".join(_lines(found))


def summary(outcome: Outcome) -> str:
    """How many trials there were, and how many went wrong."""
    refused = ", ".join(f"{number} {name}" for name, number in sorted(outcome.refused.items()))
    return (
        f"{outcome.operations} operations over {outcome.sets} sets of subgraphs: "
        f"{outcome.differing} differences (refused: {refused or 'nothing'})"
    )


def _lines(found: Finding) -> Iterator[str]:
    case, difference = found.case, found.difference
    yield f"=== {difference.kind}: {difference.reason or difference.sort}"
    yield f"repeat: python -m tests.fuzz --only {found.seed}"
    for name, sdl in case.subgraphs.items():
        yield f"--- subgraph {name}"
        yield sdl.strip()
    yield "--- operation"
    yield case.asked.text.strip()
    yield f"variables: {json.dumps(case.asked.variables)}"
    yield f"labels: {sorted(case.asked.labels)}, failing values: {case.trouble}"
    yield f"scopes: {'none, unknown' if case.asked.held is None else sorted(case.asked.held)}"
    if case.faults is not None:
        yield f"lost requests: {case.faults}"
    yield "--- plan"
    yield Trial(case.subgraphs, trouble=case.trouble).plan(case.asked)
    yield "--- the gateway's answer"
    yield json.dumps(difference.ours, default=str)
    yield "--- one server's answer"
    yield json.dumps(difference.expected, default=str)
