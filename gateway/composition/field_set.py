"""The fields that a `@key`, `@requires` or `@provides` names."""

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    parse,
    print_ast,
)

from gateway.composition.schema.literal import Literal, read_literal
from gateway.composition.schema.model import Field, Schema
from gateway.composition.schema.type_ref import TypeRef, named_type
from gateway.composition.schema.values import is_value_of


class InvalidFieldSet(Exception):
    """A text that is no selection."""


def field_set_text(fields: Literal) -> str | None:
    """The argument as one text; federation 1 also allows a list. None when it is neither."""
    match fields:
        case str():
            return _without_braces(fields)
        case tuple():
            parts = [field for field in fields if isinstance(field, str)]
            return " ".join(map(_without_braces, parts)) if len(parts) == len(fields) else None
        case _:
            return None


def parse_field_set(text: str) -> SelectionSetNode:
    """Raises `InvalidFieldSet`."""
    try:
        document = parse(f"{{{text}}}", no_location=True)
    except GraphQLSyntaxError as error:
        raise InvalidFieldSet(error.message) from error
    match document.definitions:
        case (OperationDefinitionNode(selection_set=selections),) if selections.selections:
            return selections
        case _:
            raise InvalidFieldSet("It is not one selection of fields.")


def selected_fields(
    schema: Schema, type_name: str, selections: SelectionSetNode, *, of_implementers: bool = False
) -> Iterator[tuple[str, str]]:
    """Each (type, field) that is selected, to any depth; what does not exist is left out.

    With `of_implementers`, an interface's field stands also for those of its object types.
    """
    for selection in selections.selections:
        match selection:
            case FieldNode(name=name, selection_set=inner):
                yield from _field(schema, type_name, name.value, of_implementers)
                composite = schema.composite(type_name)
                field = composite.fields.get(name.value) if composite else None
                if field is not None and inner is not None:
                    yield from selected_fields(
                        schema, named_type(field.type), inner, of_implementers=of_implementers
                    )
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                on = condition.name.value if condition else type_name
                yield from selected_fields(schema, on, inner, of_implementers=of_implementers)
            case _:
                pass


def argument_faults(schema: Schema, field: Field, node: FieldNode) -> Iterator[str]:
    """What is wrong with the arguments that a selection gives to a field."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name in sorted(given.keys() - field.arguments.keys()):
        yield f"has no argument {name}"
    for name, argument in field.arguments.items():
        if name not in given:
            if argument.is_required:
                yield f"needs its argument {name}"
        elif not _is_value_of(schema, given[name], argument.type):
            yield f"takes {argument.type} as {name}, not {print_ast(given[name])}"


def _is_value_of(schema: Schema, node: ValueNode, type: TypeRef) -> bool:
    try:
        return is_value_of(schema, read_literal(node), type)
    except ValueError:
        return False


def _without_braces(text: str) -> str:
    """A field set may be written as a selection set is in an operation."""
    stripped = text.strip()
    return stripped[1:-1] if stripped.startswith("{") and stripped.endswith("}") else text


def _field(
    schema: Schema, type_name: str, field: str, of_implementers: bool
) -> Iterator[tuple[str, str]]:
    names = {type_name}
    if of_implementers:
        names |= schema.possible_types(type_name)
    for name in sorted(names):
        composite = schema.composite(name)
        if composite is not None and field in composite.fields:
            yield name, field
