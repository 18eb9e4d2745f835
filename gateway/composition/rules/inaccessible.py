"""What is hidden from clients leaves a schema that is whole."""

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.literal import EnumLiteral, Literal
from gateway.composition.schema.model import (
    Definition,
    Element,
    EnumType,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    UnionType,
)
from gateway.composition.schema.type_ref import named_type

_HIDDEN: Final = "inaccessible"


def check_inaccessible(merged: Merged) -> Iterator[CompositionError]:
    """QUERY_ROOT_TYPE_INACCESSIBLE, ONLY_INACCESSIBLE_CHILDREN, REFERENCED_INACCESSIBLE,
    REQUIRED_INACCESSIBLE, IMPLEMENTED_BY_INACCESSIBLE, DEFAULT_VALUE_USES_INACCESSIBLE.
    """
    for directive in merged.schema.directives.values():
        for value in directive.arguments.values():
            yield from _value(merged, f"@{directive.name}({value.name}:)", value)
    for definition in merged.schema.types.values():
        if not definition.has(_HIDDEN):
            yield from _children(merged, definition)
            yield from _parts(merged, definition)
        elif definition.name == "Query":
            yield merged.error(
                Code.QUERY_ROOT_TYPE_INACCESSIBLE, "Clients need a query root.", "Query"
            )


def _children(merged: Merged, definition: Definition) -> Iterator[CompositionError]:
    children: Mapping[str, Element]
    match definition:
        case ObjectType(fields=fields) | InterfaceType(fields=fields):
            children = fields
        case InputType(fields=inputs):
            children = inputs
        case EnumType(values=values):
            children = values
        case UnionType(members=members):
            children = {name: merged.schema.types[name] for name in members}
        case _:
            return
    if all(child.has(_HIDDEN) for child in children.values()):
        yield merged.error(
            Code.ONLY_INACCESSIBLE_CHILDREN,
            f"Clients see {definition.name}, but nothing that is in it.",
            definition.name,
        )


def _parts(merged: Merged, definition: Definition) -> Iterator[CompositionError]:
    match definition:
        case ObjectType(fields=fields) | InterfaceType(fields=fields):
            yield from _implementations(merged, definition)
            for field in fields.values():
                if not field.has(_HIDDEN):
                    coordinate = f"{definition.name}.{field.name}"
                    yield from _reference(merged, coordinate, named_type(field.type))
                    for argument in field.arguments.values():
                        yield from _value(merged, f"{coordinate}({argument.name}:)", argument)
        case InputType(fields=values):
            for value in values.values():
                yield from _value(merged, f"{definition.name}.{value.name}", value)
        case _:
            return


def _reference(merged: Merged, coordinate: str, type_name: str) -> Iterator[CompositionError]:
    referenced = merged.schema.types.get(type_name)
    if referenced is not None and referenced.has(_HIDDEN):
        yield merged.error(
            Code.REFERENCED_INACCESSIBLE,
            f"Clients see {coordinate}, but not its type {type_name}.",
            coordinate,
        )


def _value(merged: Merged, coordinate: str, value: InputValue) -> Iterator[CompositionError]:
    if value.has(_HIDDEN):
        if value.is_required:
            yield merged.error(
                Code.REQUIRED_INACCESSIBLE,
                f"Clients must send {coordinate}, but cannot see it.",
                coordinate,
            )
        return
    yield from _reference(merged, coordinate, named_type(value.type))
    if value.default is not None and _uses_hidden(merged, value, value.default.value):
        yield merged.error(
            Code.DEFAULT_VALUE_USES_INACCESSIBLE,
            f"Clients see the default of {coordinate}, but not all of what it is made of.",
            coordinate,
        )


def _uses_hidden(merged: Merged, value: InputValue, literal: Literal) -> bool:
    match literal, merged.schema.types.get(named_type(value.type)):
        case tuple(), _:
            return any(_uses_hidden(merged, value, item) for item in literal)
        case EnumLiteral(name), EnumType(values=members):
            return name in members and members[name].has(_HIDDEN)
        case Mapping(), InputType(fields=fields):
            return any(
                name in fields
                and (fields[name].has(_HIDDEN) or _uses_hidden(merged, fields[name], inner))
                for name, inner in literal.items()
            )
        case _:
            return False


def _implementations(
    merged: Merged, type: ObjectType | InterfaceType
) -> Iterator[CompositionError]:
    for name in type.interfaces:
        interface = merged.schema.composite(name)
        if interface is not None and not interface.has(_HIDDEN):
            for promised in interface.fields.values():
                own = type.fields.get(promised.name)
                if own is not None and not promised.has(_HIDDEN):
                    yield from _implementation(merged, type.name, own, promised)


def _implementation(
    merged: Merged, type_name: str, own: Field, promised: Field
) -> Iterator[CompositionError]:
    hidden = [(f"{type_name}.{own.name}", own.has(_HIDDEN))]
    hidden += [
        (f"{type_name}.{own.name}({name}:)", own.arguments[name].has(_HIDDEN))
        for name, argument in promised.arguments.items()
        if name in own.arguments and not argument.has(_HIDDEN)
    ]
    for name, argument in promised.arguments.items():
        if argument.has(_HIDDEN) and name in own.arguments:
            yield from _required_by(merged, f"{type_name}.{own.name}", own.arguments[name])
    for coordinate, is_hidden in hidden:
        if is_hidden:
            yield merged.error(
                Code.IMPLEMENTED_BY_INACCESSIBLE,
                f"An interface shows {coordinate}, which clients cannot see.",
                coordinate,
            )


def _required_by(merged: Merged, coordinate: str, own: InputValue) -> Iterator[CompositionError]:
    """To clients it is an argument more than the interface has, and such a one is optional."""
    if own.is_required and not own.has(_HIDDEN):
        yield merged.error(
            Code.REQUIRED_INACCESSIBLE,
            f"Clients must send {coordinate}({own.name}:), but its interface does not show it.",
            f"{coordinate}({own.name}:)",
        )
