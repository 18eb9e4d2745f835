"""Every part of a type, with its schema coordinate."""

from collections.abc import Iterator

from gateway.composition.schema.model import (
    Definition,
    Element,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
)


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
