"""What the authorization directives of the supergraph demand, by schema coordinate."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import DocumentNode, Node, TypeDefinitionNode

from gateway.supergraph.links import Links, arguments_of
from gateway.supergraph.model import Rule


def read_rules(document: DocumentNode, links: Links) -> dict[str, Rule]:
    """The rules of types and fields; what has none is not in it."""
    authenticated = links.directive("authenticated")
    scopes, policies = links.directive("requiresScopes"), links.directive("policy")
    rules = {}
    for coordinate, node in _coordinates(document, links):
        found = {d.name.value: arguments_of(d) for d in getattr(node, "directives", None) or ()}
        rule = Rule(
            authenticated=authenticated in found,
            scopes=_alternatives(found.get(scopes, {}), "scopes"),
            policies=_alternatives(found.get(policies, {}), "policies"),
        )
        if rule != Rule():
            rules[coordinate] = rule
    return rules


def _coordinates(document: DocumentNode, links: Links) -> Iterator[tuple[str, Node]]:
    for definition in document.definitions:
        if not isinstance(definition, TypeDefinitionNode):
            continue
        name = definition.name.value
        if links.is_machinery(name):
            continue
        yield name, definition
        for field in getattr(definition, "fields", None) or ():
            yield f"{name}.{field.name.value}", field


def _alternatives(arguments: Mapping[str, Any], name: str) -> tuple[frozenset[str], ...]:
    alternatives: Iterable[Iterable[str]] = arguments.get(name, ())
    return tuple(frozenset(alternative) for alternative in alternatives)
