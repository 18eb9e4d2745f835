"""Members of federation 1 as federation 2 would have them written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gateway.composition.errors import Code, CompositionError
from gateway.composition.field_set import selected_fields
from gateway.composition.member import Member, selections_of
from gateway.composition.reading.inactive_field_sets import active
from gateway.composition.schema.model import (
    Applied,
    Definition,
    Field,
    InterfaceType,
    ObjectType,
    UnionType,
)
from gateway.composition.schema.type_ref import named_type


def upgrade(members: Sequence[Member]) -> tuple[Member, ...]:
    """Without what federation 1 let stand and gave no meaning: directives on interfaces,
    requirements and provisions of what is not external, external fields that nothing uses, their
    owners' tags repeated, and `@external` on the keys of keyless extensions.
    """
    keys = _keys(members)
    return tuple(
        _without_unused(active(_upgraded(_without_known_tags(member, members), keys)))
        if member.is_federation_one
        else member
        for member in members
    )


def unused_types(members: Sequence[Member]) -> Iterator[CompositionError]:
    """TYPE_WITH_ONLY_UNUSED_EXTERNAL: nothing would be left of a type that others speak of."""
    for member in members:
        for type in member.schema.composites() if member.is_federation_one else ():
            if _is_left_empty(member, type) and type.name in _referenced(member):
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


def _without_known_tags(member: Member, members: Sequence[Member]) -> Member:
    """Without those tags of external fields that their owners give them too."""
    types = {
        type.name: replace(
            type,
            fields={
                name: _without_known_tags_of(member, members, type.name, field)
                for name, field in type.fields.items()
            },
        )
        for type in member.schema.composites()
    }
    return _with_types(member, {**member.schema.types, **types})


def _without_known_tags_of(
    member: Member, members: Sequence[Member], type_name: str, field: Field
) -> Field:
    if not (field.has("external") and field.has("tag")):
        return field
    known = {
        tag.text("name")
        for other in members
        if other is not member and (composite := other.schema.composite(type_name)) is not None
        if (own := composite.fields.get(field.name)) is not None and not own.has("external")
        for tag in own.applied("tag")
    }
    kept = (one for one in field.directives if one.name != "tag" or one.text("name") not in known)
    return replace(field, directives=tuple(kept))


def _without_unused(member: Member) -> Member:
    types = dict(member.schema.types)
    for type in member.schema.composites():
        fields = {
            name: field
            for name, field in type.fields.items()
            if not _is_unused(member, type.name, name)
        }
        if _is_left_empty(member, type):
            del types[type.name]
        else:
            types[type.name] = replace(type, fields=fields)
    return _with_types(member, types)


def _is_left_empty(member: Member, type: ObjectType | InterfaceType) -> bool:
    is_unused = [_is_unused(member, type.name, name) for name in type.fields]
    return bool(is_unused) and all(is_unused)


def _referenced(member: Member) -> frozenset[str]:
    """The types that fields, unions and implementers speak of."""
    names: set[str] = set()
    for definition in member.schema.types.values():
        match definition:
            case ObjectType() | InterfaceType():
                names.update(definition.interfaces)
                names.update(named_type(field.type) for field in definition.fields.values())
            case UnionType(members=members):
                names.update(members)
            case _:
                pass
    return frozenset(names)


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
