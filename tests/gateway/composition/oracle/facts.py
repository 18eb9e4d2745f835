"""A supergraph, or an API schema, as the set of facts that it states.

Two documents with the same facts mean the same. Left out are order, layout, values that say what
is so anyway, and the definitions of the link and join machinery and of the specifications, which
differ between composers by version and not by meaning.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    ObjectFieldNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    ValueNode,
    parse,
    print_ast,
)
from graphql.language import ListValueNode, ObjectValueNode, StringValueNode

#: A name of the machinery: `join__Graph` alone says something of the subgraphs.
_MACHINERY: Final = re.compile(
    r"^(link|join|core|federation|inaccessible|tag|authenticated|requiresScopes|policy|cost|context"
    r"|cacheTag)(__(?!Graph$)\w+)?$|^(listSize|oneOf|specifiedBy|deprecated)$"
)
_IMPLIED: Final = {"extension": "false", "resolvable": "true", "isInterfaceObject": "false"}
_DEPRECATED: Final = ('reason: "No longer supported"',)
_SPECIFICATION: Final = re.compile(r"^https://specs\.apollo\.dev/(?P<name>\w+)/v")
_LINKED: Final = re.compile(r'^schema @link\(.*url: "https://specs\.apollo\.dev/(?P<name>\w+)/v')
_FIELD_SETS: Final = ("key", "requires", "provides")


def facts(sdl: str) -> frozenset[str]:
    """One line for each thing that is said, with the coordinate that it is said of."""
    found = frozenset(_facts(parse(sdl, no_location=True)))
    return frozenset(fact for fact in found if not _is_idle_link(fact, found))


def _facts(document: DocumentNode) -> Iterator[str]:
    for node in document.definitions:
        match node:
            case SchemaDefinitionNode():
                yield from _schema_facts(node)
            case DirectiveDefinitionNode() if not _MACHINERY.match(node.name.value):
                yield from _directive_facts(node)
            case TypeDefinitionNode() if not _MACHINERY.match(node.name.value):
                yield from _type_facts(node)
            case _:
                pass


def _schema_facts(node: SchemaDefinitionNode) -> Iterator[str]:
    if node.description is not None:
        yield f"schema is described: {node.description.value!r}"
    for root in node.operation_types:
        if root.type.name.value != root.operation.value.capitalize():
            yield f"schema {root.operation.value}: {root.type.name.value}"
    for directive in node.directives or ():
        text = _directive(directive)
        known = _SPECIFICATION.match(_url(directive))
        if known is None or known["name"] not in ("link", "join"):
            yield f"schema {text}"


def _is_idle_link(fact: str, found: frozenset[str]) -> bool:
    """Whether it links a specification of which nothing stands in the document."""
    linked = _LINKED.match(fact)
    if linked is None:
        return False
    names = ("cost", "listSize") if linked["name"] == "cost" else (linked["name"],)
    return not any(f" @{name}(" in other for name in names for other in found)


def _url(directive: ConstDirectiveNode) -> str:
    values = (item.value for item in directive.arguments or () if item.name.value == "url")
    return next((value.value for value in values if isinstance(value, StringValueNode)), "")


def _directive_facts(node: DirectiveDefinitionNode) -> Iterator[str]:
    coordinate = f"@{node.name.value}"
    yield f"{coordinate} repeatable: {node.repeatable}"
    for location in node.locations:
        yield f"{coordinate} on {location.value}"
    yield from _described(coordinate, node)
    yield from _values(coordinate, node.arguments or (), "({}:)")


def _type_facts(node: TypeDefinitionNode) -> Iterator[str]:
    name = node.name.value
    yield f"{name} is {node.kind}"
    yield from _described(name, node)
    for interface in getattr(node, "interfaces", None) or ():
        yield f"{name} implements {interface.name.value}"
    for member in getattr(node, "types", None) or ():
        yield f"{name} has the member {member.name.value}"
    for value in getattr(node, "values", None) or ():
        yield f"{name}.{value.name.value} is a value"
        yield from _described(f"{name}.{value.name.value}", value)
    fields = getattr(node, "fields", None) or ()
    yield from _values(name, fields, ".{}")
    for field in fields:
        arguments = getattr(field, "arguments", None) or ()
        yield from _values(f"{name}.{field.name.value}", arguments, "({}:)")


def _values(owner: str, nodes: Sequence[Any], form: str) -> Iterator[str]:
    """Of fields, input fields and arguments."""
    for node in nodes:
        coordinate = owner + form.format(node.name.value)
        yield f"{coordinate} is {print_ast(node.type)}"
        default = getattr(node, "default_value", None)
        if default is not None:
            yield f"{coordinate} = {_value(default)}"
        yield from _described(coordinate, node)


def _described(coordinate: str, node: Any) -> Iterator[str]:
    if node.description is not None:
        yield f"{coordinate} is described: {node.description.value!r}"
    for directive in getattr(node, "directives", None) or ():
        yield f"{coordinate} {_directive(directive)}"


def _directive(node: ConstDirectiveNode) -> str:
    arguments = sorted(
        f"{item.name.value}: {_argument(item.name.value, item.value)}"
        for item in node.arguments or ()
        if _IMPLIED.get(item.name.value) != print_ast(item.value)
    )
    said = () if tuple(arguments) == _DEPRECATED else arguments
    return f"@{node.name.value}({', '.join(said)})"


def _argument(name: str, value: ValueNode) -> str:
    if name in _FIELD_SETS and isinstance(value, StringValueNode):
        return _field_set(value.value.strip())
    if name in ("scopes", "policies", "import"):
        return _unordered(value)
    return _value(value)


def _field_set(text: str) -> str:
    braced = text if text.startswith("{") else f"{{{text}}}"
    return " ".join(print_ast(parse(braced, no_location=True)).split())


def _unordered(value: ValueNode) -> str:
    """Any order of the items, on each level, demands or imports the same."""
    if isinstance(value, ListValueNode):
        return f"[{', '.join(sorted(map(_unordered, value.values)))}]"
    return _value(value)


def _value(value: ValueNode) -> str:
    match value:
        case StringValueNode():
            return print_ast(StringValueNode(value=value.value, block=False))
        case ListValueNode():
            return f"[{', '.join(map(_value, value.values))}]"
        case ObjectValueNode():
            return f"{{{', '.join(sorted(map(_object_field, value.fields)))}}}"
        case _:
            return print_ast(value)


def _object_field(node: ObjectFieldNode) -> str:
    return f"{node.name.value}: {_value(node.value)}"
