"""What supergraphs of join v0.1 leave unsaid.

They name the one subgraph that resolves a field. That others have the fields of their keys, and
as @external what their @requires and @provides name, follows. specs.apollo.dev/join/v0.1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from gateway.errors import InvalidSupergraph
from gateway.supergraph.model import Subgraph, SubgraphField, SubgraphType

Types = dict[str, SubgraphType]


def complete(subgraphs: Mapping[str, Subgraph]) -> dict[str, Subgraph]:
    """The same with the fields that each subgraph must have. Raises `InvalidSupergraph`."""
    return {name: _completed(each, subgraphs.values()) for name, each in subgraphs.items()}


def _completed(subgraph: Subgraph, every: Iterable[Subgraph]) -> Subgraph:
    types = dict(subgraph.types)
    for type in subgraph.types.values():
        for key in type.keys:
            _add(types, type.name, _selections(key.fields), every, external=False)
        for field in type.fields.values():
            if field.requires is not None:
                _add(types, type.name, _selections(field.requires), every, external=True)
            if field.provides is not None:
                _add(types, field.type, _selections(field.provides), every, external=True)
    return replace(subgraph, types=types)


def _add(
    types: Types,
    name: str,
    selections: SelectionSetNode,
    every: Iterable[Subgraph],
    *,
    external: bool,
) -> None:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            inner = name if node.type_condition is None else node.type_condition.name.value
            _add(types, inner, node.selection_set, every, external=external)
        elif isinstance(node, FieldNode):
            field = _field(types, name, node.name.value, every, external=external)
            if field is not None and node.selection_set is not None:
                _add(types, field.type, node.selection_set, every, external=external)


def _field(
    types: Types, type: str, name: str, every: Iterable[Subgraph], *, external: bool
) -> SubgraphField | None:
    """The field as the subgraph has it, or gets it now from the one that resolves it."""
    known = types.get(type)
    if known is None or name in known.fields:
        return None if known is None else known.fields[name]
    owners = (each.types[type].fields.get(name) for each in every if type in each.types)
    owned = next((field for field in owners if field is not None), None)
    if owned is None:
        return None
    field = SubgraphField(name, owned.type, owned.signature, external=external)
    types[type] = replace(known, fields={**known.fields, name: field})
    return field


def _selections(fields: str) -> SelectionSetNode:
    try:
        [definition] = parse(f"{{{fields}}}", no_location=True).definitions
    except GraphQLSyntaxError as error:
        raise InvalidSupergraph(f"`{fields}` is no field set: {error}") from error
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set
