"""All parts of a schema, to look at or to change."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from gateway.composition.schema.model import (
    Definition,
    Element,
    EnumType,
    Field,
    InputType,
    InterfaceType,
    ObjectType,
    Schema,
)

Part = TypeVar("Part", bound=Element)


def elements(definition: Definition) -> Iterator[tuple[str, Element]]:
    """The type itself, its fields, their arguments, its values."""
    name = definition.name
    yield name, definition
    match definition:
        case ObjectType(fields=fields) | InterfaceType(fields=fields):
            for field in fields.values():
                yield f"{name}.{field.name}", field
                for argument in field.arguments.values():
                    yield f"{name}.{field.name}({argument.name}:)", argument
        case InputType(fields=values):
            for value in values.values():
                yield f"{name}.{value.name}", value
        case EnumType(values=members):
            for member in members.values():
                yield f"{name}.{member.name}", member
        case _:
            return


def without_custom(schema: Schema, kept: Collection[str]) -> Schema:
    """The schema with none but these of its own directives on its elements."""

    def plain(part: Part) -> Part:
        custom = tuple(applied for applied in part.custom if applied.name in kept)
        return replace(part, custom=custom) if custom != part.custom else part

    def each(parts: Mapping[str, Part]) -> dict[str, Part]:
        return {name: plain(part) for name, part in parts.items()}

    def field(part: Field) -> Field:
        return replace(plain(part), arguments=each(part.arguments))

    def definition(type: Definition) -> Definition:
        match type:
            case ObjectType() | InterfaceType():
                fields = {name: field(part) for name, part in type.fields.items()}
                return replace(plain(type), fields=fields)
            case InputType():
                return replace(plain(type), fields=each(type.fields))
            case EnumType():
                return replace(plain(type), values=each(type.values))
            case _:
                return plain(type)

    return replace(schema, types={name: definition(type) for name, type in schema.types.items()})
