"""Contexts: who sets one, and which arguments are filled from one (specs.apollo.dev/context)."""

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, TypeDefinitionNode

from gateway.errors import InvalidSupergraph
from gateway.supergraph.links import Links, arguments_of
from gateway.supergraph.model import ContextArgument


def read_contexts(document: DocumentNode, links: Links) -> dict[str, frozenset[str]]:
    """The types that set each context, by the context's name."""
    directive = links.directive("context")
    types: dict[str, set[str]] = {}
    for definition in document.definitions:
        if not isinstance(definition, TypeDefinitionNode):
            continue
        for applied in definition.directives or ():
            if applied.name.value == directive:
                name = arguments_of(applied).get("name")
                types.setdefault(str(name), set()).add(definition.name.value)
    return {name: frozenset(setting) for name, setting in types.items()}


def context_arguments(join: Mapping[str, Any]) -> tuple[ContextArgument, ...]:
    """What a `@join__field` says of arguments from contexts. Raises `InvalidSupergraph`."""
    try:
        return tuple(
            ContextArgument(
                name=argument["name"],
                type=argument["type"],
                context=argument["context"],
                selection=_field_set(argument["selection"]),
            )
            for argument in join.get("contextArguments") or ()
        )
    except KeyError as error:
        raise InvalidSupergraph(f"An argument from a context lacks its {error}.") from error


def _field_set(selection: str) -> str:
    """A selection without the braces around it, as keys and requirements are written."""
    text = selection.strip()
    is_braced = text.startswith("{") and text.endswith("}")
    return text[1:-1].strip() if is_braced else text
