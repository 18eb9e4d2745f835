"""Objects that cannot be asked for in the field that the plan has for them.

A request has one value for a variable: objects that stand below different values of a context
are asked for by `_entities` fields of their own. So are those for which something that a field
@requires could not be had, without the fields that require it; and those that are too many for
one list.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import Visitor

from gateway.plan.path import INTERNAL_PREFIX

_MOST_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Variants:
    """How often a root field is asked, each time without some `dropped` response keys.

    `variables` are those that each has for itself.
    """

    key: str
    variables: frozenset[str]
    dropped: tuple[frozenset[str], ...]


@lru_cache(_MOST_KEPT)
def varied(document: str, variants: tuple[Variants, ...]) -> str:
    """The document with these variants of its root fields."""
    [operation] = parse(document, no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode)
    variables = list(operation.variable_definitions or ())
    fields = []
    for field in operation.selection_set.selections:
        assert isinstance(field, FieldNode)  # the planner wrote it
        [wanted] = [each for each in variants if each.key == _key(field)]
        own = [each for each in variables if each.variable.name.value in wanted.variables]
        variables = [each for each in variables if each not in own]
        for number, dropped in enumerate(wanted.dropped):
            fields.append(_variant(field, wanted, number, dropped))
            variables += [_declared(each, number) for each in own]
    used = _used(fields)
    return print_ast(
        DocumentNode(
            definitions=(
                replace(
                    operation,
                    selection_set=SelectionSetNode(selections=tuple(fields)),
                    variable_definitions=tuple(
                        each for each in variables if each.variable.name.value in used
                    ),
                ),
            )
        )
    )


def numbered(name: str, number: int) -> str:
    """The name of a response key or variable in a further variant."""
    return f"{INTERNAL_PREFIX}{number}_{name}" if number else name


def _variant(field: FieldNode, wanted: Variants, number: int, dropped: frozenset[str]) -> FieldNode:
    if number:
        copy: FieldNode = visit(field, _Renaming(wanted.variables, number))
        field = replace(copy, alias=NameNode(value=numbered(_key(field), number)))
    if not dropped or field.selection_set is None:
        return field
    return replace(field, selection_set=_without(field.selection_set, dropped))


def _without(selections: SelectionSetNode, dropped: frozenset[str]) -> SelectionSetNode:
    """The selections of an object without some response keys."""
    kept: list[SelectionNode] = []
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            kept.append(replace(node, selection_set=_without(node.selection_set, dropped)))
        elif isinstance(node, FieldNode) and _key(node) not in dropped:
            kept.append(node)
    typename = FieldNode(name=NameNode(value="__typename"))
    return SelectionSetNode(selections=tuple(kept) or (typename,))


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias is not None else field.name.value


def _declared(definition: VariableDefinitionNode, number: int) -> VariableDefinitionNode:
    name = NameNode(value=numbered(definition.variable.name.value, number))
    return replace(definition, variable=VariableNode(name=name))


def _used(fields: Iterable[FieldNode]) -> set[str]:
    found = _Used()
    for field in fields:
        visit(field, found)
    return found.names


class _Used(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


class _Renaming(Visitor):
    def __init__(self, own: frozenset[str], number: int) -> None:
        super().__init__()
        self._own = own
        self._number = number

    def enter_variable(self, node: VariableNode, *_: object) -> VariableNode | None:
        name = node.name.value
        if name not in self._own:
            return None
        return VariableNode(name=NameNode(value=numbered(name, self._number)))
