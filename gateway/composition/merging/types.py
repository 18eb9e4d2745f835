"""Each type of the supergraph."""

from collections.abc import Sequence
from typing import Any

from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.annotations import (
    merge_custom,
    merge_description,
    merge_directives,
)
from gateway.composition.merging.cache_tags import merge_cache_tags
from gateway.composition.merging.contexts import set_contexts
from gateway.composition.merging.enums import merge_enum
from gateway.composition.merging.fields import inherited_fields, merge_fields
from gateway.composition.merging.inputs import merge_inputs
from gateway.composition.merging.join import join_implements, join_types, join_union_member
from gateway.composition.schema.model import (
    Applied,
    Definition,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    ScalarType,
    UnionType,
)


def merge_types(federation: Federation) -> dict[str, Definition]:
    """Every type, by name."""
    merged = {name: _merge_type(federation, name) for name in federation.type_names}
    for name, type in merged.items():
        if isinstance(type, ObjectType):
            merged[name] = inherited_fields(federation, type, merged)
    return merged


def _merge_type(federation: Federation, name: str) -> Definition:
    sources = federation.sources(name)
    shared = _shared(name, sources)
    match sources[0][1]:
        case ObjectType() | InterfaceType():
            return _merge_composite(federation, name, shared)
        case ScalarType():
            return ScalarType(**shared)
        case UnionType():
            return _merge_union(sources, shared)
        case EnumType():
            return merge_enum(federation, name, shared)
        case InputType():
            return InputType(**shared, fields=merge_inputs(federation, name))


def _shared(name: str, sources: Sequence[tuple[Member, Definition]]) -> dict[str, Any]:
    definitions = [definition for _, definition in sources]
    joins = [join for member, definition in sources for join in join_types(member, definition)]
    return {
        "name": name,
        "description": merge_description(definitions),
        "directives": (
            *joins,
            *merge_cache_tags(sources),
            *merge_directives(definitions),
            *set_contexts(sources),
        ),
        "custom": merge_custom(definitions),
    }


def _merge_composite(
    federation: Federation, name: str, shared: dict[str, Any]
) -> ObjectType | InterfaceType:
    sources = federation.composites(name)
    interfaces = [(member, one) for member, type in sources for one in type.interfaces]
    joins = tuple(join_implements(member, interface) for member, interface in interfaces)
    parts = shared | {
        "directives": _after_types(shared["directives"], joins),
        "interfaces": tuple(dict.fromkeys(interface for _, interface in interfaces)),
        "fields": merge_fields(federation, name),
    }
    return InterfaceType(**parts) if federation.is_interface(name) else ObjectType(**parts)


def _merge_union(sources: Sequence[tuple[Member, Definition]], shared: dict[str, Any]) -> UnionType:
    members = [
        (member, name)
        for member, definition in sources
        if isinstance(definition, UnionType)
        for name in definition.members
    ]
    joins = tuple(join_union_member(member, name) for member, name in members)
    directives = _after_types(shared["directives"], joins)
    names = tuple(dict.fromkeys(name for _, name in members))
    return UnionType(**shared | {"directives": directives, "members": names})


def _after_types(
    directives: tuple[Applied, ...], joins: tuple[Applied, ...]
) -> tuple[Applied, ...]:
    types = tuple(directive for directive in directives if directive.name == "join__type")
    return (*types, *joins, *directives[len(types) :])
