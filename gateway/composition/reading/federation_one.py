"""Members of federation 1 as federation 2 would have them written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import selected_fields
from gateway.composition.member import Member, selections_of
from gateway.composition.schema.model import (
    Applied,
    Definition,
    Field,
    InterfaceType,
    ObjectType,
)


def upgrade(members: Sequence[Member]) -> tuple[Member, ...]:
    """Without what federation 1 let stand and gave no meaning: directives on interfaces,
    external fields that nothing uses, and `@external` on the keys of keyless extensions.
    """
    keys = _keys(members)
    return tuple(
        _without_unused(_upgraded(member, keys)) if member.is_federation_one else member
        for member in members
    )


def unused_types(members: Sequence[Member]) -> Iterator[CompositionError]:
    """TYPE_WITH_ONLY_UNUSED_EXTERNAL: nothing would be left of the type."""
    for member in members:
        for type in member.schema.composites() if member.is_federation_one else ():
            if type.fields and all(_is_unused(member, type.name, name) for name in type.fields):
                yield member.error(
                    Code.TYPE_WITH_ONLY_UNUSED_EXTERNAL,
                    f"{type.name} has only external fields, and nothing uses them.",
                    type.name,
                    type.line,
                )


def _upgraded(member: Member, keys: Mapping[str, frozenset[str]]) -> Member:
    def upgraded(definition: Definition) -> Definition:
        match definition:
            case InterfaceType():
                return replace(
                    definition,
                    directives=_without(definition.directives, "key"),
                    fields={name: _plain(field) for name, field in definition.fields.items()},
                )
            case ObjectType() if definition.is_extension and not definition.has("key"):
                resolved = keys.get(definition.name, frozenset())
                fields = {
                    name: replace(field, directives=_without(field.directives, "external"))
                    if name in resolved
                    else field
                    for name, field in definition.fields.items()
                }
                return replace(definition, fields=fields)
            case _:
                return definition

    return _with_types(member, {name: upgraded(t) for name, t in member.schema.types.items()})


def _without_unused(member: Member) -> Member:
    types = dict(member.schema.types)
    for type in member.schema.composites():
        fields = {
            name: field
            for name, field in type.fields.items()
            if not _is_unused(member, type.name, name)
        }
        types[type.name] = replace(type, fields=fields)
    return _with_types(member, types)


def _is_unused(member: Member, type_name: str, field: str) -> bool:
    return member.is_external(type_name, field) and (type_name, field) not in member.used


def _with_types(member: Member, types: Mapping[str, Definition]) -> Member:
    return replace(member, schema=replace(member.schema, types=types))


def _plain(field: Field) -> Field:
    return replace(field, directives=_without(field.directives, "external", "requires", "provides"))


def _without(directives: tuple[Applied, ...], *names: str) -> tuple[Applied, ...]:
    return tuple(directive for directive in directives if directive.name not in names)


def _keys(members: Sequence[Member]) -> dict[str, frozenset[str]]:
    """The fields of each type's keys, wherever it has keys."""
    keys: dict[str, frozenset[str]] = {}
    for member in members:
        for type in member.schema.composites():
            for key in type.applied("key"):
                for selections in selections_of(key):
                    places = selected_fields(member.schema, type.name, selections)
                    selected = {name for of, name in places if of == type.name}
                    keys[type.name] = keys.get(type.name, frozenset()) | selected
    return keys
