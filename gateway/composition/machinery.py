"""What a supergraph says of itself: links, and definitions of the directives it uses."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from graphql import DocumentNode, parse

from gateway.composition.member import Member
from gateway.composition.reading.definitions import DefinitionReader
from gateway.composition.reading.links import Links
from gateway.composition.schema.literal import EnumLiteral, Literal
from gateway.composition.schema.model import (
    Applied,
    Definition,
    DirectiveDefinition,
    Element,
    EnumType,
    Schema,
)
from gateway.composition.schema.walk import elements
from gateway.composition.specifications import (
    ARGUMENT_TYPES,
    FIELD_SET,
    HOST,
    POLICY,
    SCOPE,
    SPECIFICATIONS,
)

_ALWAYS: Final = """
directive @link(
  url: String, as: String, for: link__Purpose, import: [link__Import]
) repeatable on SCHEMA
scalar link__Import
enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}
directive @join__directive(
  graphs: [join__Graph!], name: String!, args: join__DirectiveArguments
) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(
  graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,
  external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String
) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(
  graph: join__Graph!, interface: String!
) repeatable on OBJECT | INTERFACE
directive @join__type(
  graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,
  resolvable: Boolean! = true, isInterfaceObject: Boolean! = false
) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar join__DirectiveArguments
scalar join__FieldSet
"""

#: The argument types of the specifications' directives, as a supergraph calls them.
_ARGUMENT_TYPES: Final = {
    FIELD_SET: "join__FieldSet",
    SCOPE: "requiresScopes__Scope",
    POLICY: "policy__Policy",
}
_SECURITY: Final = frozenset({"inaccessible", "authenticated", "requiresScopes", "policy"})

#: The specification of each directive that may stand in a supergraph.
_SPECIFICATION: Final = {
    directive: name
    for name, specification in SPECIFICATIONS.items()
    if name not in ("federation", "link")
    for directive in specification.directives
}


def with_machinery(schema: Schema, members: Sequence[Member]) -> Schema:
    """The schema with everything that a reader of supergraphs looks for."""
    used = _used(schema)
    own = _definitions(used)
    return Schema(
        types={**schema.types, **own.types, "join__Graph": _graphs(members)},
        directives={**schema.directives, **own.directives},
        applied=(*_links(used), *schema.applied),
    )


def _used(schema: Schema) -> list[str]:
    """The specifications' directives that stand in the schema."""
    names = {
        directive.name
        for definition in schema.types.values()
        for _, element in elements(definition)
        for directive in element.directives
    }
    return sorted(names & _SPECIFICATION.keys())


def _links(used: Sequence[str]) -> Iterator[Applied]:
    yield Applied("link", {"url": f"{HOST}/link/v1.0"})
    yield Applied("link", {"url": f"{HOST}/join/v0.4", "for": EnumLiteral("EXECUTION")})
    for name in dict.fromkeys(_SPECIFICATION[directive] for directive in used):
        major, minor = SPECIFICATIONS[name].latest
        arguments: dict[str, Literal] = {"url": f"{HOST}/{name}/v{major}.{minor}"}
        imports = tuple(f"@{one}" for one in used if _SPECIFICATION[one] == name and one != name)
        if imports:
            arguments["import"] = imports
        if name in _SECURITY:
            arguments["for"] = EnumLiteral("SECURITY")
        yield Applied("link", arguments)


def _definitions(used: Sequence[str]) -> Schema:
    text = _ALWAYS
    for name in used:
        definition = SPECIFICATIONS[_SPECIFICATION[name]].directives[name].definition
        for argument_type in ARGUMENT_TYPES:
            local = _ARGUMENT_TYPES[argument_type]
            if argument_type in definition:
                text += f"scalar {local}\n"
            definition = definition.replace(argument_type, local)
        text += f"directive @{name}{definition}\n"
    return _read(text)


@cache
def _read(text: str) -> Schema:
    document: DocumentNode = parse(text, no_location=True)
    reader = DefinitionReader(Links.read(document, ""), {})
    types: Mapping[str, Definition] = reader.types(document)
    directives: Mapping[str, DirectiveDefinition] = reader.directives(document)
    return Schema(types=types, directives=directives)


def _graphs(members: Sequence[Member]) -> EnumType:
    values = (
        Element(
            name=member.identifier,
            directives=(Applied("join__graph", {"name": member.name, "url": member.url}),),
        )
        for member in members
    )
    return EnumType(name="join__Graph", values={value.name: value for value in values})
