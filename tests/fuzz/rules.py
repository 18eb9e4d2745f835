"""Who may see what, read from the subgraphs by no code of the gateway's.

A field is denied by any rule that any subgraph puts on the field, on its object type, on the same
field of an interface of that type (an interface object has rules), or on the type it returns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLObjectType,
    GraphQLSchema,
    TypeDefinitionNode,
    get_named_type,
    parse,
    value_from_ast_untyped,
)

from tests.support.universe import Denies


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one directive asks for."""

    name: str
    alternatives: Any

    def is_met(self, held: frozenset[str] | None) -> bool:
        match self.name:
            case "authenticated":
                return held is not None
            case "requiresScopes":
                return any(set(each) <= (held or set()) for each in self.alternatives)
            case _:
                return False  # nobody decides policies here


class Rules:
    """The rules of a set of subgraphs."""

    def __init__(self, sdls: Mapping[str, str], schema: GraphQLSchema) -> None:
        self._schema = schema
        self._by_coordinate: dict[str, list[_Rule]] = {}
        for sdl in sdls.values():
            for coordinate, rule in _rules(parse(sdl)):
                self._by_coordinate.setdefault(coordinate, []).append(rule)

    def __bool__(self) -> bool:
        return bool(self._by_coordinate)

    def denies(self, held: frozenset[str] | None) -> Denies:
        """What a caller who holds these scopes may not see."""

        def denied(type: str, field: str) -> bool:
            return any(
                not rule.is_met(held)
                for coordinate in self._before(type, field)
                for rule in self._by_coordinate.get(coordinate, ())
            )

        return denied

    def _before(self, type: str, field: str) -> Iterator[str]:
        declared = self._schema.type_map[type]
        if not isinstance(declared, GraphQLObjectType) or field not in declared.fields:
            return
        yield type
        yield get_named_type(declared.fields[field].type).name
        for each in (declared, *declared.interfaces):
            yield f"{each.name}.{field}"


def _rules(document: DocumentNode) -> Iterator[tuple[str, _Rule]]:
    for definition in document.definitions:
        if not isinstance(definition, TypeDefinitionNode):
            continue
        name = definition.name.value
        for each in definition.directives or ():
            yield from ((name, rule) for rule in _read(each))
        for field in getattr(definition, "fields", None) or ():
            for each in field.directives or ():
                yield from ((f"{name}.{field.name.value}", rule) for rule in _read(each))


def _read(node: DirectiveNode) -> Iterator[_Rule]:
    if node.name.value in ("authenticated", "requiresScopes", "policy"):
        given = [value_from_ast_untyped(each.value) for each in node.arguments or ()]
        yield _Rule(node.name.value, given[0] if given else None)
