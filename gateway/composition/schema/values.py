"""Whether a literal may be sent where a type is wanted (GraphQL spec, 5.6.1)."""

from collections.abc import Mapping
from typing import Final

from gateway.composition.schema.literal import EnumLiteral, Literal
from gateway.composition.schema.model import EnumType, InputType, Schema
from gateway.composition.schema.type_ref import ListOf, NonNull, TypeRef

_INT_RANGE: Final = range(-(2**31), 2**31)


def is_value_of(schema: Schema, literal: Literal, type: TypeRef) -> bool:
    """By the types of one schema; a custom scalar takes anything."""
    match type, literal:
        case NonNull(of), _:
            return literal is not None and is_value_of(schema, literal, of)
        case _, None:
            return True
        case ListOf(of), tuple():
            return all(is_value_of(schema, item, of) for item in literal)
        case ListOf(of), _:
            return is_value_of(schema, literal, of)
        case _:
            return _is_named_value(schema, literal, str(type))


def _is_named_value(schema: Schema, literal: Literal, name: str) -> bool:
    match schema.types.get(name), literal:
        case EnumType(values=values), _:
            return isinstance(literal, EnumLiteral) and literal.name in values
        case InputType() as type, Mapping():
            return _is_input(schema, literal, type)
        case InputType(), _:
            return False
        case _:
            return _is_scalar(literal, name)


def _is_input(schema: Schema, literal: Mapping[str, Literal], type: InputType) -> bool:
    missing = type.fields.keys() - literal.keys()
    return literal.keys() <= type.fields.keys() and (
        all(is_value_of(schema, value, type.fields[name].type) for name, value in literal.items())
        and not any(type.fields[name].is_required for name in missing)
    )


def _is_scalar(literal: Literal, name: str) -> bool:
    is_int = isinstance(literal, int) and not isinstance(literal, bool)
    match name:
        case "Int":
            return is_int and literal in _INT_RANGE
        case "Float":
            return is_int or isinstance(literal, float)
        case "String":
            return isinstance(literal, str)
        case "ID":
            return isinstance(literal, str) or is_int
        case "Boolean":
            return isinstance(literal, bool)
        case _:
            return True
