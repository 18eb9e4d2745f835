"""Constant values of GraphQL documents as plain data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)


@dataclass(frozen=True, slots=True)
class EnumLiteral:
    """A name that stands for an enum's value; a string is a `str`."""

    name: str


Literal = (
    None | bool | int | float | str | EnumLiteral | tuple["Literal", ...] | Mapping[str, "Literal"]
)


def read_literal(node: ValueNode) -> Literal:
    """The value of a constant's node. Raises `ValueError` for a variable."""
    match node:
        case NullValueNode():
            return None
        case BooleanValueNode() | StringValueNode():
            return node.value
        case IntValueNode():
            return int(node.value)
        case FloatValueNode():
            return float(node.value)
        case EnumValueNode():
            return EnumLiteral(node.value)
        case ListValueNode():
            return tuple(read_literal(item) for item in node.values)
        case ObjectValueNode():
            return {field.name.value: read_literal(field.value) for field in node.fields}
        case _:
            raise ValueError("A constant cannot hold a variable.")


def texts(literal: Literal) -> tuple[str, ...]:
    """The strings of a list, where GraphQL reads a single value as a list of it."""
    items = literal if isinstance(literal, tuple) else (literal,)
    return tuple(item for item in items if isinstance(item, str))


def write_literal(literal: Literal) -> str:
    """The value as a document writes it, on one line."""
    match literal:
        case None:
            return "null"
        case str():
            return json.dumps(literal, ensure_ascii=False)
        case bool():
            return "true" if literal else "false"
        case int() | float():
            return repr(literal)
        case EnumLiteral(name):
            return name
        case Mapping():
            fields = (f"{name}: {write_literal(value)}" for name, value in literal.items())
            return f"{{{', '.join(fields)}}}"
        case _:
            return f"[{', '.join(write_literal(item) for item in literal)}]"
