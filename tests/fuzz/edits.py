"""Documents with one thing less."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from graphql import (
    ArgumentNode,
    ConstArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import SKIP, Visitor, VisitorAction

#: What must hold something: a selection set, a type's fields, a document.
_NEVER_EMPTY: Final = ("selections", "fields", "definitions", "values", "types")


def smaller(text: str) -> Iterator[str]:
    """The document with one node left out, or made plainer; the largest first.

    What only that node used is left out too.
    """
    document = parse(text, no_location=True)
    for each in _edited(document, _fragments(document)):
        yield print_ast(_without_unused(each))


Fragments = dict[str, FragmentDefinitionNode]


def _edited(node: Any, fragments: Fragments) -> Iterator[Any]:
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, tuple):
            for each in _edited_tuple(value, fragments):
                if each or key not in _NEVER_EMPTY:
                    yield replace(node, **{key: each})
        elif isinstance(value, Node):
            for one in _edited_child(node, key, value, fragments):
                yield replace(node, **{key: one})


def _edited_tuple(values: tuple[Any, ...], fragments: Fragments) -> Iterator[tuple[Any, ...]]:
    for at, value in enumerate(values):
        before, after = values[:at], values[at + 1 :]
        yield (*before, *after)
        for instead in _instead(value, fragments):
            yield (*before, *instead, *after)
    for at, value in enumerate(values):
        for one in _edited(value, fragments):
            yield (*values[:at], one, *values[at + 1 :])


def _instead(node: Node, fragments: Fragments) -> Iterator[tuple[Node, ...]]:
    """What may stand in a selection set in place of a selection."""
    match node:
        case InlineFragmentNode():
            yield tuple(node.selection_set.selections)
        case FragmentSpreadNode() if node.name.value in fragments:
            fragment = fragments[node.name.value]
            yield (
                InlineFragmentNode(
                    type_condition=fragment.type_condition,
                    directives=node.directives,
                    selection_set=fragment.selection_set,
                ),
            )
        case FieldNode(alias=NameNode()):
            yield (replace(node, alias=None),)
        case _:
            pass


def _edited_child(node: Node, key: str, value: Node, fragments: Fragments) -> Iterator[Node | None]:
    match value:
        case NonNullTypeNode():
            yield value.type
            yield from _edited(value, fragments)
        case StringValueNode() if isinstance(node, ArgumentNode | ConstArgumentNode):
            if node.name.value == "fields":
                yield from _edited_field_set(value)
        case NameNode() if isinstance(node, OperationDefinitionNode):
            yield None
        case TypeNode() | NameNode():
            yield from _edited(value, fragments)
        case _:
            if key in ("default_value", "description") or isinstance(node, FieldNode):
                yield None
            yield from _edited(value, fragments)


def _edited_field_set(value: StringValueNode) -> Iterator[StringValueNode]:
    for text in smaller(f"{{ {value.value} }}"):
        yield replace(value, value=" ".join(text.split())[1:-1].strip())


def _fragments(document: DocumentNode) -> Fragments:
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def _without_unused(document: DocumentNode) -> DocumentNode:
    """Without fragments that are never spread, and variables that are never used."""
    while True:
        names = _Names()
        visit(document, names)
        left = tuple(
            node
            for node in document.definitions
            if not isinstance(node, FragmentDefinitionNode) or node.name.value in names.spread
        )
        if len(left) == len(document.definitions):
            break
        document = replace(document, definitions=left)
    return replace(
        document,
        definitions=tuple(
            replace(node, variable_definitions=_used(node, names.variables))
            if isinstance(node, OperationDefinitionNode)
            else node
            for node in document.definitions
        ),
    )


def _used(node: OperationDefinitionNode, names: set[str]) -> tuple[VariableDefinitionNode, ...]:
    defined = node.variable_definitions or ()
    return tuple(each for each in defined if each.variable.name.value in names)


class _Names(Visitor):
    """What a document spreads and uses."""

    def __init__(self) -> None:
        super().__init__()
        self.spread: set[str] = set()
        self.variables: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.spread.add(node.name.value)

    def enter_variable_definition(self, *_: Any) -> VisitorAction:
        return SKIP

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.variables.add(node.name.value)
