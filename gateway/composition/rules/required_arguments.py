"""What a requirement gives to a field as arguments, whoever resolves the field takes."""

from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import argument_faults
from gateway.composition.member import field_sets
from gateway.composition.merging.merged import Merged
from gateway.composition.schema.model import Schema
from gateway.composition.schema.type_ref import named_type


def check_required_arguments(merged: Merged) -> Iterator[CompositionError]:
    """REQUIRES_INVALID_FIELDS: an argument stays only if all who have the field take it."""
    for member in merged.federation.members:
        for type in member.schema.composites():
            for field in type.fields.values():
                coordinate = f"{type.name}.{field.name}"
                for selections in field_sets(field, "requires"):
                    for fault in _faults(merged.schema, type.name, selections):
                        yield member.error(
                            Code.REQUIRES_INVALID_FIELDS,
                            f"What {coordinate} requires cannot be asked: {fault}.",
                            coordinate,
                            field.line,
                        )


def _faults(schema: Schema, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            on = node.type_condition.name.value if node.type_condition else type_name
            yield from _faults(schema, on, node.selection_set)
        elif isinstance(node, FieldNode):
            yield from _field_faults(schema, type_name, node)


def _field_faults(schema: Schema, type_name: str, node: FieldNode) -> Iterator[str]:
    composite = schema.composite(type_name)
    field = composite.fields.get(node.name.value) if composite is not None else None
    if field is None:
        return
    for fault in argument_faults(schema, field, node):
        yield f"{type_name}.{field.name} {fault}"
    if node.selection_set is not None:
        yield from _faults(schema, named_type(field.type), node.selection_set)
