"""What subgraphs say of their types, read from their SDL by no code of the gateway's.

Tests that judge the composer, the planner and the executor must not ask these what is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    ConstDirectiveNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    SelectionNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
)

_OBJECTS = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
_INTERFACES = (InterfaceTypeDefinitionNode, InterfaceTypeExtensionNode)

FieldSet = tuple[SelectionNode, ...]


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A field of one subgraph. `taken_from` is the subgraph that an @override names."""

    name: str
    type: TypeNode
    external: bool
    requires: FieldSet
    provides: FieldSet
    taken_from: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """A @key of one subgraph."""

    fields: FieldSet
    resolvable: bool


@dataclass(slots=True)
class DeclaredType:
    """A composite type or an enum of one subgraph.

    `possible` are the object types of its values there, or the enum's values.
    """

    name: str
    fields: dict[str, DeclaredField] = field(default_factory=dict)
    keys: list[DeclaredKey] = field(default_factory=list)
    possible: set[str] = field(default_factory=set)
    interface_object: bool = False


Declarations = Mapping[str, DeclaredType]


def declarations(sdl: str) -> Declarations:
    """The composite types and enums of a subgraph, by name."""
    found: dict[str, DeclaredType] = {}
    for node in parse(sdl, no_location=True).definitions:
        if isinstance(node, (*_OBJECTS, *_INTERFACES)):
            _read(node, found)
        elif isinstance(node, UnionTypeDefinitionNode):
            union = found.setdefault(node.name.value, DeclaredType(node.name.value))
            union.possible.update(member.name.value for member in node.types or ())
        elif isinstance(node, EnumTypeDefinitionNode):
            values = {each.name.value for each in node.values or ()}
            found[node.name.value] = DeclaredType(node.name.value, possible=values)
    return found


def field_set(text: str) -> FieldSet:
    """The selections that a @key, @requires or @provides names."""
    [operation] = parse(f"{{{text}}}", no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return tuple(operation.selection_set.selections)


def below(selection: SelectionNode) -> FieldSet:
    """What is selected of a field, or of the objects that a fragment is about."""
    inner = getattr(selection, "selection_set", None)
    return tuple(inner.selections) if inner is not None else ()


def fields_on(selections: Sequence[SelectionNode], types: set[str]) -> Iterator[SelectionNode]:
    """The fields selected of an object that is of all these types."""
    for each in selections:
        if not isinstance(each, InlineFragmentNode):
            yield each
        elif each.type_condition is None or each.type_condition.name.value in types:
            yield from fields_on(below(each), types)


def firmness(type: TypeNode) -> tuple[bool, ...]:
    """From the outside in, whether null is forbidden: `[Int!]` is (False, True)."""
    firm = isinstance(type, NonNullTypeNode)
    inner = type.type if isinstance(type, NonNullTypeNode) else type
    return (firm, *firmness(inner.type)) if isinstance(inner, ListTypeNode) else (firm,)


def named(type: TypeNode) -> str:
    """The type without its lists."""
    inner = type
    while isinstance(inner, ListTypeNode | NonNullTypeNode):
        inner = inner.type
    name: str = inner.name.value  # type: ignore[attr-defined]  # the only kind that is left
    return name


def _read(
    node: ObjectTypeDefinitionNode
    | ObjectTypeExtensionNode
    | InterfaceTypeDefinitionNode
    | InterfaceTypeExtensionNode,
    found: dict[str, DeclaredType],
) -> None:
    name = node.name.value
    declared = found.setdefault(name, DeclaredType(name))
    if isinstance(node, _OBJECTS):
        declared.possible.add(name)
        for interface in node.interfaces or ():
            found.setdefault(interface.name.value, DeclaredType(interface.name.value)).possible.add(
                name
            )
    external = False
    for directive in node.directives or ():
        arguments = _strings(directive)
        match directive.name.value:
            case "key":
                resolvable = "false" not in _printed(directive)
                declared.keys.append(DeclaredKey(field_set(arguments["fields"]), resolvable))
            case "interfaceObject":
                declared.interface_object = True
            case "external":
                external = True
            case _:
                pass
    for each in node.fields or ():
        declared.fields[each.name.value] = _field(each, external=external)


def _field(node: FieldDefinitionNode, *, external: bool) -> DeclaredField:
    directives = {each.name.value: _strings(each) for each in node.directives or ()}
    override = directives.get("override", {})
    return DeclaredField(
        name=node.name.value,
        type=node.type,
        external=external or "external" in directives,
        requires=field_set(directives["requires"]["fields"]) if "requires" in directives else (),
        provides=field_set(directives["provides"]["fields"]) if "provides" in directives else (),
        taken_from=override.get("from"),
        label=override.get("label"),
    )


def _strings(directive: ConstDirectiveNode) -> dict[str, str]:
    return {
        each.name.value: each.value.value
        for each in directive.arguments or ()
        if isinstance(each.value, StringValueNode)
    }


def _printed(directive: ConstDirectiveNode) -> set[str]:
    """The arguments that are no strings."""
    return {str(getattr(each.value, "value", None)).lower() for each in directive.arguments or ()}
