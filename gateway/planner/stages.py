"""The stages of a plan in words, for who wants to know why it is as it is."""

from collections.abc import Iterable, Iterator, Sequence

from graphql import parse, print_ast

from gateway.operation.model import Field, Operation, Selection
from gateway.plan.printer import path_text
from gateway.planner.attempt import Observer
from gateway.planner.document import selection_set
from gateway.planner.draft import Step
from gateway.planner.join import Group
from gateway.planner.solution import Hop, Routed, Solution

_INDENT = "  "


class Stages(Observer):
    """Writes down what each stage made: titles, each with its text."""

    def __init__(self, operation: Operation) -> None:
        self.found: list[tuple[str, str]] = []
        self._add("What is asked, without fragments and conditions", _asked(operation.selections))

    def solved(self, solutions: Sequence[Solution]) -> None:
        self._add(
            "Who answers what",
            (line for each in solutions for line in _solution(each, "the gateway")),
        )

    def written(self, steps: Sequence[Step]) -> None:
        self._add("What is asked of whom", (line for step in steps for line in _step(step)))

    def joined(self, groups: Sequence[Group]) -> None:
        self._add("What is sent together", _groups(groups))

    def finished(self, groups: Sequence[Group]) -> None:
        steps = (step for group in groups for step in group)
        self._add("As it is sent", (line for step in steps for line in _finished(step)))

    def _add(self, title: str, lines: Iterable[str]) -> None:
        self.found.append((title, "\n".join(lines)))


def _asked(selections: Iterable[Selection], depth: int = 0) -> Iterator[str]:
    for selection in selections:
        text = _field(selection) if isinstance(selection, Field) else f"on {selection.type}"
        yield _INDENT * depth + text
        yield from _asked(selection.selections, depth + 1)


def _field(field: Field) -> str:
    alias = "" if field.key == field.name else f"{field.key}: "
    later = f" (part {field.part})" if field.part else ""
    return f"{alias}{field.parent}.{field.name}{field.arguments.text}{later}"


def _solution(solution: Solution, subgraph: str, depth: int = 0) -> Iterator[str]:
    for routed in solution.local:
        yield from _routed(routed, subgraph, depth)
    for type, case in solution.cases:
        yield f"{_INDENT * depth}a {type}"
        yield from _solution(case, subgraph, depth + 1)
    for hop in solution.hops:
        yield from _hop(hop, subgraph, depth)
    for part, later in solution.parts:
        yield f"{_INDENT * depth}part {part}, later"
        yield from _solution(later, subgraph, depth + 1)


def _routed(routed: Routed, subgraph: str, depth: int) -> Iterator[str]:
    yield f"{_INDENT * depth}{subgraph}: {_field(routed.field)}"
    if routed.below is not None:
        yield from _solution(routed.below, subgraph, depth + 1)


def _hop(hop: Hop, subgraph: str, depth: int) -> Iterator[str]:
    named = f" as {hop.entry.typename}" if hop.entry.typename else ""
    yield f"{_INDENT * depth}to {hop.entry.subgraph}, {hop.entry.type}{named}"
    for need in hop.needs:
        verb = "requires" if need.optional else "by"
        wanted = ", ".join(_asked(need.selections)).replace(_INDENT, "")
        yield f"{_INDENT * (depth + 1)}{verb} {wanted or 'nothing'}"
        yield from _solution(need.solution, subgraph, depth + 2)
    yield from _solution(hop.inner, hop.entry.subgraph, depth + 1)


def _step(step: Step) -> Iterator[str]:
    after = ", ".join(str(id) for id in sorted(step.depends_on))
    place = path_text(step.path) or "the root"
    yield f"{step.id}: {step.subgraph}, at {place}" + (f", after {after}" if after else "")
    yield from _selections(step)


def _groups(groups: Sequence[Group]) -> Iterator[str]:
    for id, group in enumerate(groups):
        yield f"#{id} {group[0].subgraph}: " + ", ".join(str(step.id) for step in group)


def _finished(step: Step) -> Iterator[str]:
    yield f"{step.id}: {step.subgraph}"
    yield from _selections(step)
    for rename in step.renames:
        yield f"{_INDENT}at {path_text(rename.path) or 'each'}: {rename.key} becomes {rename.name}"


def _selections(step: Step) -> Iterator[str]:
    for line in print_ast(parse(selection_set(step.node))).splitlines():
        yield _INDENT + line
