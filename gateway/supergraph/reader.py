"""Supergraph SDL to `Supergraph`."""

from graphql import DocumentNode, GraphQLSchema, GraphQLSyntaxError, OperationType, parse

from gateway.errors import InvalidSupergraph
from gateway.supergraph.contexts import read_contexts
from gateway.supergraph.links import Links
from gateway.supergraph.model import Supergraph
from gateway.supergraph.rules import read_rules
from gateway.supergraph.schemas import api_schema, full_schema
from gateway.supergraph.subgraphs import read_subgraphs
from gateway.supergraph.tags import read_tags


def read_supergraph(sdl: str) -> Supergraph:
    """Read the document of a composition. Raises `InvalidSupergraph`."""
    document = _parse(sdl)
    links = Links.read(document)
    schema = full_schema(document, links)
    return Supergraph(
        schema=schema,
        api_schema=api_schema(document, links),
        subgraphs=read_subgraphs(document, links),
        roots=_roots(schema),
        rules=read_rules(document, links),
        contexts=read_contexts(document, links),
        tags=read_tags(document, links),
    )


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLSyntaxError as error:
        raise InvalidSupergraph(f"The supergraph is no GraphQL document: {error}") from error


def _roots(schema: GraphQLSchema) -> dict[OperationType, str]:
    types = ((kind, schema.get_root_type(kind)) for kind in OperationType)
    return {kind: type.name for kind, type in types if type is not None}
