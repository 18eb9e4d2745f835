"""Subgraphs that answer with their caller's own mark, so that nobody's answer fits anybody else."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from graphql import (
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

from gateway.transport.request import SubgraphRequest
from tests.support.running_subgraph import Subgraph

#: What everybody asks for is the same objects, by the same keys.
_PEOPLE: Final = ("1", "2", "3")

#: Two subgraphs, of which the second knows people by their keys.
MARKED: Final = {
    "people": Subgraph("""
        type Query { people: [Person!]! person(id: ID!): Person time(zone: String): String }
        type Person @key(fields: "id") {
          id: ID!
          name(style: String): String
          salary: String @requiresScopes(scopes: [["invoice:read"]])
          desk: String @requiresScopes(scopes: [["staff:case", "report:export"]])
        }
    """),
    "ratings": Subgraph("""
        type Person @key(fields: "id") {
          id: ID!
          rating: String @requiresScopes(scopes: [["report:export"]])
          critic: String @authenticated
          likes(of: String): String
        }
    """),
}


def marked(request: SubgraphRequest) -> dict[str, Any]:
    """The answer: every leaf but keys is `{who asks}/{what is asked}`."""
    caller = request.context.caller
    mark = str(caller.principal.id) if caller is not None else "nobody"
    return {"data": _Marks(mark, request.variables).of(_selections(request.document), {})}


class _Marks:
    def __init__(self, mark: str, variables: Mapping[str, Any]) -> None:
        self._mark = mark
        self._variables = variables

    def of(self, selections: SelectionSetNode, held: Mapping[str, Any]) -> dict[str, Any]:
        """An object, of which `held` is known."""
        return {
            (node.alias or node.name).value: self._value(node, held) for node in _fields(selections)
        }

    def _value(self, node: FieldNode, held: Mapping[str, Any]) -> Any:
        name = node.name.value
        given = {
            each.name.value: value_from_ast_untyped(each.value, dict(self._variables))
            for each in node.arguments or ()
        }
        if name in held:
            return held[name]
        if node.selection_set is None:
            return f"{self._mark}/{name}{sorted(given.items())}"
        if name == "person":
            return self.of(node.selection_set, _person(given["id"]))
        found = given["representations"] if name == "_entities" else map(_person, _PEOPLE)
        return [self.of(node.selection_set, each) for each in found]


def _person(id: str) -> dict[str, Any]:
    return {"__typename": "Person", "id": id}


def _fields(selections: SelectionSetNode) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set)
        elif isinstance(node, FieldNode):
            yield node


@lru_cache(1_000)
def _selections(document: str) -> SelectionSetNode:
    [operation] = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set
