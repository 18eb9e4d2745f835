"""Definitions and extensions of a document as a schema's types."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    Node,
    TypeDefinitionNode,
    TypeExtensionNode,
    specified_scalar_types,
)

from gateway.composition.reading.links import Links
from gateway.composition.schema.literal import read_literal
from gateway.composition.schema.model import (
    Applied,
    Default,
    Definition,
    DirectiveDefinition,
    Element,
    EnumType,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    UnionType,
)
from gateway.composition.schema.type_ref import read_type_ref, renamed
from gateway.composition.specifications import BUILT_IN

#: Directives that say of each field what they are put on; federation 1 gave that no meaning.
_OF_EACH_FIELD = ("external", "shareable")
_KINDS = ("scalar_type", "object_type", "interface_type", "union_type", "enum_type", "input_object")


@dataclass(frozen=True, slots=True)
class DefinitionReader:
    """Reads with one document's names: of its directives, and of its root types."""

    links: Links
    roots: Mapping[str, str]

    def types(self, document: DocumentNode) -> dict[str, Definition]:
        """Every type, its extensions folded in, under its usual name if it is a root."""
        nodes: dict[str, list[Any]] = defaultdict(list)
        for node in document.definitions:
            if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
                nodes[self._named(node.name.value)].append(node)
        return {
            name: self._type(name, _base_first(parts))
            for name, parts in nodes.items()
            if name not in specified_scalar_types
        }

    def directives(self, document: DocumentNode) -> dict[str, DirectiveDefinition]:
        """The directives that the document defines for itself."""
        return {
            node.name.value: DirectiveDefinition(
                **self._element(node),
                arguments=self._inputs(node.arguments),
                locations=tuple(location.value for location in node.locations),
                is_repeatable=node.repeatable,
            )
            for node in document.definitions
            if isinstance(node, DirectiveDefinitionNode)
        }

    def applied(self, nodes: Iterable[Any], *, understood: bool) -> tuple[Applied, ...]:
        """The uses on these nodes of directives that composition understands, or of others."""
        return tuple(
            self._applied(directive, on_extension=isinstance(node, TypeExtensionNode))
            for node in nodes
            for directive in getattr(node, "directives", None) or ()
            if (self._understood(directive) is not None) is understood
        )

    def _type(self, name: str, parts: list[Any]) -> Definition:
        is_extension = all(isinstance(part, TypeExtensionNode) for part in parts)
        shared = self._element(*parts) | {"name": name, "is_extension": is_extension}
        kind = next(kind for kind in _KINDS if parts[0].kind.startswith(kind))
        match kind:
            case "scalar_type":
                return ScalarType(**shared)
            case "object_type":
                return ObjectType(**shared, **self._fielded(parts))
            case "interface_type":
                return InterfaceType(**shared, **self._fielded(parts))
            case "union_type":
                return UnionType(**shared, members=self._names(parts, "types"))
            case "enum_type":
                values = (value for part in parts for value in part.values or ())
                elements = (Element(**self._element(value)) for value in values)
                return EnumType(**shared, values={value.name: value for value in elements})
            case _:
                fields = [field for part in parts for field in part.fields or ()]
                return InputType(**shared, fields=self._inputs(fields))

    def _fielded(self, parts: list[Any]) -> dict[str, Any]:
        """`@external` and `@shareable` on a type are said of each field of that part of it."""
        fields = {}
        for part in parts:
            inherited = tuple(
                directive
                for directive in self.applied([part], understood=True)
                if directive.name in _OF_EACH_FIELD and self.links.federation is not None
            )
            for node in part.fields or ():
                fields[node.name.value] = self._field(node, inherited)
        return {"interfaces": self._names(parts, "interfaces"), "fields": fields}

    def _field(self, node: FieldDefinitionNode, inherited: tuple[Applied, ...]) -> Field:
        element = self._element(node)
        own = {directive.name for directive in element["directives"]}
        element["directives"] += tuple(item for item in inherited if item.name not in own)
        return Field(
            **element,
            type=renamed(read_type_ref(node.type), self._named),
            arguments=self._inputs(node.arguments),
        )

    def _inputs(self, nodes: Sequence[InputValueDefinitionNode] | None) -> dict[str, InputValue]:
        return {
            node.name.value: InputValue(
                **self._element(node),
                type=read_type_ref(node.type),
                default=Default(read_literal(node.default_value)) if node.default_value else None,
            )
            for node in nodes or ()
        }

    def _element(self, *nodes: Any) -> dict[str, Any]:
        descriptions = (getattr(node, "description", None) for node in nodes)
        return {
            "name": nodes[0].name.value,
            "description": next((node.value for node in descriptions if node), None),
            "directives": self.applied(nodes, understood=True),
            "custom": self.applied(nodes, understood=False),
            "line": _line(nodes[0]),
        }

    def _names(self, parts: list[Any], attribute: str) -> tuple[str, ...]:
        nodes = (node for part in parts for node in getattr(part, attribute, None) or ())
        return tuple(dict.fromkeys(self._named(node.name.value) for node in nodes))

    def _named(self, name: str) -> str:
        return self.roots.get(name, name)

    def _understood(self, directive: ConstDirectiveNode) -> str | None:
        name = directive.name.value
        return name if name in BUILT_IN else self.links.directives.get(name)

    def _applied(self, node: ConstDirectiveNode, *, on_extension: bool) -> Applied:
        return Applied(
            self._understood(node) or node.name.value,
            {item.name.value: read_literal(item.value) for item in node.arguments or ()},
            _line(node),
            on_extension,
            node.name.value,
        )


def _base_first(parts: list[Any]) -> list[Any]:
    return sorted(parts, key=_is_extension)


def _is_extension(part: Any) -> bool:
    return isinstance(part, TypeExtensionNode)


def _line(node: Node) -> int | None:
    if node.loc is None:
        return None
    described = getattr(node, "description", None)
    name = getattr(node, "name", None)
    place = name if described is not None and name is not None else node
    return place.loc.start_token.line if place.loc else None
