"""What the directives of a Strawberry schema ask of callers, by field of an object type.

`@authenticated`, `@requiresScopes` and `@policy` on a field, on the same field of an interface,
on the object type, and on the type that is returned or given as an argument: all must be met.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLNamedInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_input_object_type,
)
from strawberry.federation.schema_directives import Authenticated, Policy, RequiresScopes
from strawberry.schema.schema_converter import GraphQLCoreConverter

#: An object type's name and a field's, as clients write them.
Coordinate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one element of the schema asks of a caller.

    `scopes` and `policies` are alternatives of things that must all be held; empty means no such
    demand. https://specs.apollo.dev/authenticated/v0.1, /requiresScopes/v0.1, /policy/v0.1.
    """

    element: str
    authenticated: bool = False
    scopes: tuple[frozenset[str], ...] = ()
    policies: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Requirements:
    """All of a schema's: what is not in it asks for nothing.

    `arguments` holds what those must meet who give the argument, by field and argument's name.
    """

    fields: Mapping[Coordinate, tuple[Requirement, ...]]
    arguments: Mapping[Coordinate, Mapping[str, tuple[Requirement, ...]]]


def requirements_of(schema: GraphQLSchema) -> Requirements:
    """What a schema of Strawberry's asks. Raises ValueError for a directive that names nothing."""
    fields, arguments = {}, {}
    for type in schema.type_map.values():
        if not isinstance(type, GraphQLObjectType) or type.name.startswith("__"):
            continue
        for name, field in type.fields.items():
            if asked := _of_field(type, name):
                fields[type.name, name] = asked
            given = {key: _of_input(each.type) for key, each in field.args.items()}
            if any(given.values()):
                arguments[type.name, name] = given
    return Requirements(fields, arguments)


def _of_field(type: GraphQLObjectType, name: str) -> tuple[Requirement, ...]:
    fields = [(f"{each.name}.{name}", each.fields.get(name)) for each in (type, *type.interfaces)]
    returned = get_named_type(type.fields[name].type)
    elements = [*fields, (type.name, type), (returned.name, returned)]
    return _asked(dict(elements))


def _of_input(type: Any) -> tuple[Requirement, ...]:
    """A value may hold anything that its type can: what asks for something inside counts."""
    inside: dict[str, GraphQLNamedInputType] = {}
    waiting = [get_named_type(type)]
    while waiting:
        named = waiting.pop()
        if named.name not in inside:
            inside[named.name] = named
            if is_input_object_type(named):
                waiting.extend(get_named_type(each.type) for each in named.fields.values())
    return _asked(inside)


def _asked(elements: Mapping[str, Any]) -> tuple[Requirement, ...]:
    asked = (_requirement(name, element) for name, element in elements.items())
    return tuple(each for each in asked if each != Requirement(each.element))


def _requirement(name: str, element: Any) -> Requirement:
    authenticated = False
    scopes: tuple[frozenset[str], ...] = ()
    policies: tuple[frozenset[str], ...] = ()
    for directive in _directives(element):
        match directive:
            case Authenticated():
                authenticated = True
            case RequiresScopes():
                scopes = _alternatives(name, directive.scopes)
            case Policy():
                policies = _alternatives(name, directive.policies)
            case _:
                pass
    return Requirement(name, authenticated, scopes, policies)


def _directives(element: Any) -> Iterator[object]:
    definition = (
        element.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if element else None
    )
    yield from getattr(definition, "directives", None) or ()


def _alternatives(name: str, lists: list[list[str]]) -> tuple[frozenset[str], ...]:
    # A rule that names nothing must not be read as no rule.
    if not lists or not all(lists):
        raise ValueError(f"The rule of {name} needs lists of names.")
    return tuple(frozenset(names) for names in lists)
