"""What the gateway answers about its own schema."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    execute_sync,
)

from gateway.operation.model import Operation

_FIELDS: Final = ("__schema", "__type")

Fragments = Mapping[str, FragmentDefinitionNode]


def asks_about_schema(operation: Operation) -> bool:
    """Whether the operation has `__schema` or `__type` at its root."""
    return any(field.name in _FIELDS for field in operation.roots)


def introspect(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """The values of `__schema` and `__type`, by response key."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    asked = replace(operation, selection_set=_only_schema(operation.selection_set, fragments))
    result = execute_sync(
        schema,
        DocumentNode(definitions=(asked, *fragments.values())),
        variable_values=dict(variables),
    )
    assert isinstance(result, ExecutionResult)
    return dict(result.data or {})


def _only_schema(selections: SelectionSetNode, fragments: Fragments) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(_kept(selections, fragments)))


def _kept(selections: SelectionSetNode, fragments: Fragments) -> Iterator[SelectionNode]:
    for node in selections.selections:
        match node:
            case FieldNode() if node.name.value in _FIELDS:
                yield node
            case InlineFragmentNode():
                yield replace(node, selection_set=_only_schema(node.selection_set, fragments))
            case FragmentSpreadNode():
                fragment = fragments[node.name.value]
                yield InlineFragmentNode(
                    type_condition=fragment.type_condition,
                    directives=node.directives,
                    selection_set=_only_schema(fragment.selection_set, fragments),
                )
            case _:
                pass
