"""Schemas compared by what clients rely on."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    parse,
    print_ast,
)


def definitions(sdl: str) -> dict[str, Any]:
    """Types by name, an extension standing for its type."""
    return {node.name.value: node for node in parse(sdl).definitions if hasattr(node, "name")}


def shape(node: Any) -> dict[str, str]:
    """What clients rely on: fields, arguments, defaults and types, or an enumeration's values."""
    if isinstance(node, EnumTypeDefinitionNode | EnumTypeExtensionNode):
        return {value.name.value: "" for value in node.values or ()}
    fields: Iterable[FieldDefinitionNode | InputValueDefinitionNode] = (
        getattr(node, "fields", None) or ()
    )
    return {each.name.value: signature(each) for each in fields}


def signature(field: FieldDefinitionNode | InputValueDefinitionNode) -> str:
    arguments = [
        f"{each.name.value}: {print_ast(each.type)}{default(each)}"
        for each in getattr(field, "arguments", None) or ()
    ]
    return f"({', '.join(arguments)}) {print_ast(field.type)}{default(field)}"


def default(node: Any) -> str:
    value = getattr(node, "default_value", None)
    text = print_ast(value) if value is not None else "null"
    return "" if text == "null" else f" = {text}"  # null is what an absent argument means anyway
