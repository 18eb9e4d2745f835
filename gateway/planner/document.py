"""Selection sets to GraphQL text, as short as it can be."""

from collections.abc import Iterable, Iterator, Sequence

from graphql import OperationType

from gateway.operation.model import Arguments, Operation, Variable
from gateway.operation.normalise import TYPENAME
from gateway.planner.draft import Node


def selection_set(node: Node) -> str:
    """The text of a selection set. One that asks for nothing asks for the type."""
    parts = [
        (name if key == name else f"{key}:{name}") + _with(asked.arguments) + _below(asked.node)
        for key, asked in node.fields.items()
        for name in (asked.name,)
    ]
    parts.extend(f"...on {type}{selection_set(case)}" for type, case in node.cases.items())
    return "{" + " ".join(parts or [TYPENAME]) + "}"


def operation(asked: Operation, kind: OperationType, variables: Sequence[str], text: str) -> str:
    """A whole document that is part of what is asked. `variables` are declarations."""
    declared = f"({','.join(variables)})" if variables else ""
    title = f" {asked.name}" if asked.name else ""
    head = f"{title}{declared}{asked.directives.directives}"
    return f"{kind.value}{head}{text}" if head or kind is not OperationType.QUERY else text


def used(asked: Operation, nodes: Iterable[Node]) -> list[Variable]:
    """The client's variables that the nodes use, in the order of their definition."""
    names = asked.directives.variables.union(name for node in nodes for name in _variables(node))
    return [variable for variable in asked.variables if variable.name in names]


def _with(arguments: Arguments) -> str:
    return arguments.text + arguments.directives


def _below(node: Node | None) -> str:
    return selection_set(node) if node is not None else ""


def _variables(node: Node) -> Iterator[str]:
    for asked in node.fields.values():
        yield from asked.arguments.variables
        if asked.node is not None:
            yield from _variables(asked.node)
    for case in node.cases.values():
        yield from _variables(case)
