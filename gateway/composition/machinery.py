"""What a supergraph says of itself: links, and definitions of the directives it uses."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from graphql import DocumentNode, parse

from gateway.composition.member import Member
from gateway.composition.naming import SPECIFICATION_OF, local_names
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
from gateway.composition.schema.walk import all_applied, renamed_directives
from gateway.composition.specifications import (
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
_JOIN_FIELD: Final = """
directive @join__field(
  graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,
  external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String%s
) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
"""
_WITH_CONTEXTS: Final = ", contextArguments: [join__ContextArgument!]"
_CONTEXT_ARGUMENTS: Final = """
input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}
scalar join__FieldValue
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
scalar context__ContextFieldValue
"""

_CONTEXT: Final = "context"

#: The argument types of the specifications' directives, as a supergraph calls them.
_ARGUMENT_TYPES: Final = {
    FIELD_SET: "join__FieldSet",
    SCOPE: "requiresScopes__Scope",
    POLICY: "policy__Policy",
}
_SECURITY: Final = frozenset(
    {"inaccessible", "authenticated", "requiresScopes", "policy", "context"}
)


def with_machinery(schema: Schema, members: Sequence[Member]) -> Schema:
    """The schema with everything that a reader of supergraphs looks for."""
    called = local_names(members)
    names = {name: next(iter(called.get(name, (name,)))) for name in _used(schema)}
    named, own = renamed_directives(schema, names), _definitions(names)
    links = (*_links(names, schema.directives), *_link_of_cache_tags(schema))
    return Schema(
        types={**named.types, **own.types, "join__Graph": _graphs(members)},
        directives={**named.directives, **own.directives},
        applied=(*links, *named.applied),
        description=schema.description,
    )


def _used(schema: Schema) -> list[str]:
    """The specifications' directives that stand in the schema."""
    return sorted({directive.name for directive in all_applied(schema)} & SPECIFICATION_OF.keys())


def _links(names: Mapping[str, str], taken: Collection[str]) -> Iterator[Applied]:
    yield Applied("link", {"url": f"{HOST}/link/v1.0"})
    join = "v0.5" if _CONTEXT in names else "v0.4"
    yield Applied("link", {"url": f"{HOST}/join/{join}", "for": EnumLiteral("EXECUTION")})
    for specification in dict.fromkeys(SPECIFICATION_OF[directive] for directive in names):
        major, minor = SPECIFICATIONS[specification].latest
        arguments: dict[str, Literal] = {"url": f"{HOST}/{specification}/v{major}.{minor}"}
        imports = tuple(
            f"@{directive}" if local == directive else {"name": f"@{directive}", "as": f"@{local}"}
            for directive, local in names.items()
            if SPECIFICATION_OF[directive] == specification
            and not directive == local == specification
        )
        if imports:
            arguments["import"] = imports
        if specification in taken:
            # By itself the name would stand for the specification's own directive.
            arguments["as"] = f"_0{specification}"
        if specification in _SECURITY:
            arguments["for"] = EnumLiteral("SECURITY")
        yield Applied("link", arguments)


def _link_of_cache_tags(schema: Schema) -> Iterator[Applied]:
    if any(directive.name == "join__directive" for directive in all_applied(schema)):
        yield Applied("link", {"url": f"{HOST}/cacheTag/v0.1", "for": EnumLiteral("EXECUTION")})


def _definitions(names: Mapping[str, str]) -> Schema:
    has_contexts = _CONTEXT in names
    text = _ALWAYS + _JOIN_FIELD % (_WITH_CONTEXTS if has_contexts else "")
    text += _CONTEXT_ARGUMENTS if has_contexts else ""
    for directive, name in names.items():
        definition = SPECIFICATIONS[SPECIFICATION_OF[directive]].directives[directive].definition
        for argument_type, local in _ARGUMENT_TYPES.items():
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
