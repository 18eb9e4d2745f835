"""Subgraph SDL to `Member`."""

from dataclasses import replace

from graphql import DocumentNode, SchemaDefinitionNode, SchemaExtensionNode

from gateway.composition.errors import Code, CompositionError, CompositionRefused
from gateway.composition.member import Member
from gateway.composition.reading.definitions import DefinitionReader
from gateway.composition.reading.document import (
    parse_document,
    require_valid,
    root_names,
    without_machinery,
)
from gateway.composition.reading.links import Links
from gateway.composition.reading.redefinitions import require_faithful
from gateway.composition.schema.model import Definition, ObjectType, Schema
from gateway.composition.schema.walk import without_custom
from gateway.composition.subgraph import Subgraph

_ROOT_USED = {
    "Query": Code.ROOT_QUERY_USED,
    "Mutation": Code.ROOT_MUTATION_USED,
    "Subscription": Code.ROOT_SUBSCRIPTION_USED,
}


def read_subgraph(subgraph: Subgraph, identifier: str) -> Member:
    """Raises `CompositionRefused` for a document that is not valid or not understood."""
    document = parse_document(subgraph.sdl, subgraph.name)
    links = Links.read(document, subgraph.name)
    require_faithful(document, links, subgraph.name)
    document = without_machinery(document, links)
    require_valid(document, links, subgraph.name)
    roots = root_names(document)
    reader = DefinitionReader(links, {name: usual for usual, name in roots.items()})
    _require_free_names(document, roots, subgraph.name)
    # Whoever answers `_service` and `_entities` has a query root.
    types: dict[str, Definition] = {"Query": ObjectType(name="Query", fields={})}
    schema = Schema(
        types=types | reader.types(document),
        directives=reader.directives(document),
        applied=reader.applied(_schema_nodes(document), understood=True),
        custom=reader.applied(_schema_nodes(document), understood=False),
        description=_description(document),
    )
    member = Member(subgraph.name, subgraph.url, identifier, links, schema)
    return replace(member, schema=without_custom(schema, member.composed_directives))


def _schema_nodes(document: DocumentNode) -> list[SchemaDefinitionNode | SchemaExtensionNode]:
    return [
        node
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
    ]


def _description(document: DocumentNode) -> str | None:
    descriptions = (getattr(node, "description", None) for node in _schema_nodes(document))
    return next((description.value for description in descriptions if description), None)


def _require_free_names(document: DocumentNode, roots: dict[str, str], subgraph: str) -> None:
    """A root type takes its usual name, so nothing else may have it."""
    taken = {
        name.value: node.loc.start_token.line if node.loc else None
        for node in document.definitions
        if (name := getattr(node, "name", None)) is not None
    }
    errors = [
        CompositionError(
            code,
            f"{usual} is not the {usual.lower()} root, and nothing else may have its name.",
            subgraph,
            usual,
            taken[usual],
        )
        for usual, code in _ROOT_USED.items()
        if usual in taken and roots.get(usual) != usual
    ]
    if errors:
        raise CompositionRefused(errors)
