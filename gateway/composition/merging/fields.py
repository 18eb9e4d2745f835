"""The output fields of a type: all that any member has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.composition.contexts import is_contextual
from gateway.composition.federation import Federation, FieldSource
from gateway.composition.merging.annotations import (
    merge_custom,
    merge_description,
    merge_directives,
)
from gateway.composition.merging.cache_tags import merge_cache_tags
from gateway.composition.merging.inputs import merge_input_value
from gateway.composition.merging.join import join_fields, join_inherited_field
from gateway.composition.merging.list_sizes import sliced_by
from gateway.composition.schema.model import (
    Definition,
    Element,
    Field,
    InputValue,
    InterfaceType,
    ObjectType,
)
from gateway.composition.schema.type_ref import widest
from gateway.composition.specifications import DEMANDS


def merge_fields(federation: Federation, type_name: str) -> dict[str, Field]:
    """The fields by name, each with where it is."""
    having_type = [member for member, _ in federation.sources(type_name)]
    fields = {}
    for name in federation.field_names(type_name):
        sources = federation.field_sources(type_name, name)
        field = merge_field(federation, sources)
        same_type = all(source.field.type == field.type for source in sources)
        joins = join_fields(sources, having_type, same_type=same_type)
        tags = merge_cache_tags([(source.member, source.field) for source in sources])
        fields[name] = replace(field, directives=(*joins, *tags, *field.directives))
    return fields


def merge_field(federation: Federation, sources: Sequence[FieldSource]) -> Field:
    """What clients see of the field; external declarations have no say in it."""
    resolved = [source.field for source in sources if not source.is_external]
    fields = resolved or [source.field for source in sources]
    types = [field.type for field in fields]
    arguments = _merge_arguments(federation, fields)
    return Field(
        name=fields[0].name,
        description=merge_description(fields),
        directives=sliced_by(arguments, merge_directives(fields)),
        custom=merge_custom(fields),
        type=widest(types, federation.is_subtype) or types[0],
        arguments=arguments,
    )


def inherited_fields(
    federation: Federation, type: ObjectType, types: Mapping[str, Definition]
) -> ObjectType:
    """The type with what interface objects add to each implementer of their interface."""
    fields = dict(type.fields)
    for interface in type.interfaces:
        definition = types.get(interface)
        if isinstance(definition, InterfaceType):
            for name in _of_interface_objects(federation, interface):
                above = definition.fields[name]
                own = fields.get(name)
                fields[name] = _inherited(above) if own is None else _guarded(own, above)
    return replace(type, fields=fields)


def _of_interface_objects(federation: Federation, interface: str) -> list[str]:
    return [
        name
        for member, type in federation.composites(interface)
        if member.is_interface_object(interface)
        for name in type.fields
        if not member.is_external(interface, name)
    ]


def _inherited(field: Field) -> Field:
    kept = (one for one in field.directives if not one.name.startswith("join__"))
    return replace(field, directives=(join_inherited_field(), *kept))


def _guarded(field: Field, above: Field) -> Field:
    """The field with what the interface object demands, which resolves it for clients too."""
    demands = tuple(directive for directive in above.directives if directive.name in DEMANDS)
    joins = tuple(one for one in field.directives if one.name.startswith("join__"))
    guard = Element(name=above.name, directives=demands)
    return replace(field, directives=(*joins, *merge_directives([field, guard])))


def _merge_arguments(federation: Federation, fields: Sequence[Field]) -> dict[str, InputValue]:
    """Only what every member's field takes can be sent to any of them, and is for clients to
    send.
    """
    names = [
        name
        for name in fields[0].arguments
        if all(name in field.arguments for field in fields)
        and not any(is_contextual(field.arguments[name]) for field in fields)
    ]
    return {
        name: merge_input_value(federation, [field.arguments[name] for field in fields])
        for name in names
    }
