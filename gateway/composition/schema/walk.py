"""All parts of a schema, to look at or to change."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from gateway.composition.schema.model import (
    Applied,
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


class Change(Protocol):
    """What is done to each part, of whatever kind."""

    def __call__(self, part: Part, /) -> Part: ...


def changed(schema: Schema, change: Change) -> Schema:
    """The schema with every type, field, argument and value changed."""

    def each(parts: Mapping[str, Part]) -> dict[str, Part]:
        return {name: change(part) for name, part in parts.items()}

    def field(part: Field) -> Field:
        return replace(change(part), arguments=each(part.arguments))

    def definition(type: Definition) -> Definition:
        match type:
            case ObjectType() | InterfaceType():
                fields = {name: field(part) for name, part in type.fields.items()}
                return replace(change(type), fields=fields)
            case InputType():
                return replace(change(type), fields=each(type.fields))
            case EnumType():
                return replace(change(type), values=each(type.values))
            case _:
                return change(type)

    return replace(schema, types={name: definition(type) for name, type in schema.types.items()})


def without_custom(schema: Schema, kept: Collection[str]) -> Schema:
    """The schema with none but these of its own directives on its elements."""

    def plain(part: Part) -> Part:
        custom = tuple(applied for applied in part.custom if applied.name in kept)
        return replace(part, custom=custom) if custom != part.custom else part

    of_schema = tuple(applied for applied in schema.custom if applied.name in kept)
    return replace(changed(schema, plain), custom=of_schema)


def renamed_directives(schema: Schema, names: Mapping[str, str]) -> Schema:
    """The schema with other names for some of the specifications' directives, wherever used."""

    def each(directives: tuple[Applied, ...]) -> tuple[Applied, ...]:
        return tuple(replace(one, name=names.get(one.name, one.name)) for one in directives)

    def renamed(part: Part) -> Part:
        directives = each(part.directives)
        return replace(part, directives=directives) if directives != part.directives else part

    definitions = {
        name: replace(
            definition,
            arguments={key: renamed(value) for key, value in definition.arguments.items()},
        )
        for name, definition in schema.directives.items()
    }
    types = changed(schema, renamed).types
    return replace(schema, types=types, directives=definitions, applied=each(schema.applied))


def all_applied(schema: Schema) -> Iterator[Applied]:
    """Every use of an understood specification's directive."""
    yield from schema.applied
    for definition in schema.directives.values():
        for argument in definition.arguments.values():
            yield from argument.directives
    for type in schema.types.values():
        for _, element in elements(type):
            yield from element.directives
