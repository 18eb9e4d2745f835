"""The join directives read back into each subgraph's own part (specs.apollo.dev/join v0.1–v0.5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse_type,
    print_ast,
)

from gateway.errors import InvalidSupergraph
from gateway.supergraph.contexts import context_arguments
from gateway.supergraph.links import Links, arguments_of
from gateway.supergraph.model import Key, Kind, Label, Subgraph, SubgraphField, SubgraphType
from gateway.supergraph.owned import complete

_INTROSPECTION: Final = SubgraphField(name="__typename", type="String", signature="String!")

Directives = Mapping[str, list[dict[str, Any]]]


def read_subgraphs(document: DocumentNode, links: Links) -> dict[str, Subgraph]:
    """By name, each with the types it has. Raises `InvalidSupergraph`."""
    return _Reader(document, links).subgraphs()


@dataclass(slots=True)
class _Draft:
    """One subgraph, being read. Implementations are known when all types are."""

    name: str
    url: str
    types: dict[str, SubgraphType] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)


class _Reader:
    def __init__(self, document: DocumentNode, links: Links) -> None:
        self._join = links.directive("join")
        self._types = [
            definition
            for definition in document.definitions
            if isinstance(definition, TypeDefinitionNode)
            and not links.is_machinery(definition.name.value)
        ]
        self._drafts = self._graphs(document)

    def subgraphs(self) -> dict[str, Subgraph]:
        for definition in self._types:
            self._read_type(definition)
        subgraphs = {
            draft.name: Subgraph(draft.name, draft.url, dict(_with_possible_types(draft)))
            for draft in self._drafts.values()
        }
        owned = any("owner" in self._directives(definition) for definition in self._types)
        return complete(subgraphs) if owned else subgraphs

    def _graphs(self, document: DocumentNode) -> dict[str, _Draft]:
        drafts = {}
        for definition in document.definitions:
            if not isinstance(definition, EnumTypeDefinitionNode):
                continue
            if definition.name.value != f"{self._join}__Graph":
                continue
            for value in definition.values or ():
                graph = self._directives(value)["graph"][0]
                drafts[value.name.value] = _Draft(graph["name"], graph["url"])
        if not drafts:
            raise InvalidSupergraph("The document names no subgraphs: it is no supergraph.")
        return drafts

    def _read_type(self, definition: TypeDefinitionNode) -> None:
        directives = self._directives(definition)
        joined: dict[str, list[dict[str, Any]]] = {}
        for join in directives.get("type", ()):
            joined.setdefault(join["graph"], []).append(join)
        # join v0.1 leaves value types unmarked: every subgraph has them.
        graphs = joined or {graph: [] for graph in self._drafts}
        fields = self._fields(definition, list(graphs), directives)
        for graph, joins in graphs.items():
            name = definition.name.value
            draft = self._draft(graph, name)
            draft.types[name] = SubgraphType(
                name=name,
                kind=_kind(definition),
                fields=fields.get(graph, {}),
                keys=tuple(
                    Key(join["key"], join.get("resolvable", True))
                    for join in joins
                    if join.get("key") is not None
                ),
                possible=frozenset(),
                interface_object=any(join.get("isInterfaceObject") for join in joins),
            )
            if isinstance(definition, ObjectTypeDefinitionNode):
                draft.members.setdefault(name, set()).add(name)
        self._read_members(definition, directives)

    def _read_members(self, definition: TypeDefinitionNode, directives: Directives) -> None:
        name = definition.name.value
        if isinstance(definition, ObjectTypeDefinitionNode):
            for join in directives.get("implements", ()):
                self._draft(join["graph"], name).members.setdefault(join["interface"], set()).add(
                    name
                )
        if isinstance(definition, UnionTypeDefinitionNode):
            for join in directives.get("unionMember", ()):
                self._draft(join["graph"], name).members.setdefault(name, set()).add(join["member"])

    def _fields(
        self, definition: TypeDefinitionNode, graphs: list[str], directives: Directives
    ) -> dict[str, dict[str, SubgraphField]]:
        if not isinstance(definition, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            return {}
        owner = [join["graph"] for join in directives.get("owner", ())]
        found: dict[str, dict[str, SubgraphField]] = {}
        for node in definition.fields or ():
            joins = self._directives(node).get("field")
            for graph, read in _fields_of(node, joins, owner or graphs):
                self._draft(graph, definition.name.value)
                found.setdefault(graph, {})[read.name] = read
            self._read_overridden(node, joins or [], found)
        return found

    def _read_overridden(
        self,
        node: FieldDefinitionNode,
        joins: list[dict[str, Any]],
        found: dict[str, dict[str, SubgraphField]],
    ) -> None:
        """A progressive @override leaves the field with its former subgraph while it is off."""
        by_name = {draft.name: graph for graph, draft in self._drafts.items()}
        for join in joins:
            label, former = join.get("overrideLabel"), by_name.get(join.get("override") or "")
            if label is None or former is None:
                continue
            [(_, read)] = _fields_of(node, [join | {"graph": former, "overrideLabel": None}], [])
            found.setdefault(former, {})[read.name] = SubgraphField(
                read.name, read.type, read.signature, label=Label(label, active=False)
            )

    def _draft(self, graph: str, coordinate: str) -> _Draft:
        try:
            return self._drafts[graph]
        except KeyError:
            raise InvalidSupergraph(f"{coordinate} is joined to an unknown subgraph.") from None

    def _directives(self, node: Any) -> dict[str, list[dict[str, Any]]]:
        """The join directives of a node: their arguments by name without the prefix."""
        found: dict[str, list[dict[str, Any]]] = {}
        for directive in node.directives or ():
            prefix, _, name = directive.name.value.partition("__")
            if prefix == self._join:
                found.setdefault(name, []).append(arguments_of(directive))
        return found


def _fields_of(
    node: FieldDefinitionNode, joins: list[dict[str, Any]] | None, graphs: list[str]
) -> Iterator[tuple[str, SubgraphField]]:
    """Where the field is. Without any join it is wherever its type is."""
    if joins is None:
        for graph in graphs:
            yield graph, _field(node, {})
    for join in joins or ():
        # Without a graph the field comes from an @interfaceObject; overridden, it is gone.
        if join.get("graph") is not None and not join.get("usedOverridden"):
            yield join["graph"], _field(node, join)


def _field(node: FieldDefinitionNode, join: Mapping[str, Any]) -> SubgraphField:
    declared = join.get("type")
    type = node.type if declared is None else parse_type(declared, no_location=True)
    label = join.get("overrideLabel")
    return SubgraphField(
        name=node.name.value,
        type=_named(type),
        signature=print_ast(type),
        external=bool(join.get("external")),
        requires=join.get("requires"),
        provides=join.get("provides"),
        label=Label(label, active=True) if label is not None else None,
        contexts=context_arguments(join),
    )


def _named(type: TypeNode) -> str:
    while isinstance(type, ListTypeNode | NonNullTypeNode):
        type = type.type
    name: str = type.name.value  # type: ignore[attr-defined]
    return name


def _kind(definition: TypeDefinitionNode) -> Kind:
    match definition:
        case ObjectTypeDefinitionNode():
            return Kind.OBJECT
        case InterfaceTypeDefinitionNode():
            return Kind.INTERFACE
        case UnionTypeDefinitionNode():
            return Kind.UNION
        case _:
            return Kind.LEAF


def _with_possible_types(draft: _Draft) -> Iterable[tuple[str, SubgraphType]]:
    for name, type in draft.types.items():
        fields = type.fields
        if type.kind is not Kind.LEAF and not type.interface_object:
            fields = {**fields, _INTROSPECTION.name: _INTROSPECTION}
        yield (
            name,
            SubgraphType(
                name=name,
                kind=type.kind,
                fields=fields,
                keys=type.keys,
                possible=frozenset(draft.members.get(name, ())),
                interface_object=type.interface_object,
            ),
        )
