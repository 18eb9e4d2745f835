"""What the authorization directives of the supergraph demand, by schema coordinate."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import DocumentNode, Node, TypeDefinitionNode

from gateway.errors import InvalidSupergraph
from gateway.supergraph.links import Links, arguments_of
from gateway.supergraph.model import Rule


def read_rules(document: DocumentNode, links: Links) -> dict[str, Rule]:
    """The rules of types and fields; what has none is not in it.

    Raises `InvalidSupergraph` for a rule that names nothing: it must not be read as no rule.
    """
    authenticated = links.directive("authenticated")
    scopes, policies = links.directive("requiresScopes"), links.directive("policy")
    rules = {}
    for coordinate, node in _coordinates(document, links):
        found = {d.name.value: arguments_of(d) for d in getattr(node, "directives", None) or ()}
        rule = Rule(
            authenticated=authenticated in found,
            scopes=_alternatives(coordinate, found.get(scopes), "scopes"),
            policies=_alternatives(coordinate, found.get(policies), "policies"),
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


def _alternatives(
    coordinate: str, arguments: Mapping[str, Any] | None, name: str
) -> tuple[frozenset[str], ...]:
    """GraphQL reads a single value as a list of it."""
    if arguments is None:
        return ()
    alternatives = [_items(alternative) for alternative in _items(arguments.get(name))]
    names = [each for alternative in alternatives for each in alternative]
    if not all([alternatives, *alternatives]) or not all(isinstance(each, str) for each in names):
        raise InvalidSupergraph(f"The rule of {coordinate} needs lists of names in {name}.")
    return tuple(frozenset(alternative) for alternative in alternatives)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
