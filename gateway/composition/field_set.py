"""The fields that a `@key`, `@requires` or `@provides` names."""

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from gateway.composition.schema.literal import Literal
from gateway.composition.schema.model import Schema
from gateway.composition.schema.type_ref import named_type


class InvalidFieldSet(Exception):
    """A text that is no selection."""


def field_set_text(fields: Literal) -> str | None:
    """The argument as one text; federation 1 also allows a list. None when it is neither."""
    match fields:
        case str():
            return fields
        case tuple():
            parts = [field for field in fields if isinstance(field, str)]
            return " ".join(parts) if len(parts) == len(fields) else None
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
