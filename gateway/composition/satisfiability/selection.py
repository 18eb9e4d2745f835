"""Field sets as values: what a @key, @requires or @provides selects."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, NamedTypeNode, SelectionSetNode


@dataclass(frozen=True, slots=True)
class SelectedField:
    """A field, and what is selected of its value."""

    name: str
    selections: "tuple[Selection, ...]" = ()


@dataclass(frozen=True, slots=True)
class SelectedType:
    """What is selected of a value if it is of this type."""

    type: str
    selections: "tuple[Selection, ...]"


Selection = SelectedField | SelectedType


def read_selections(node: SelectionSetNode | None) -> tuple[Selection, ...]:
    """Of a parsed field set. Arguments are left out: they do not decide where a field is had."""
    return tuple(_read(node)) if node is not None else ()


def _read(node: SelectionSetNode) -> Iterator[Selection]:
    for selection in node.selections:
        match selection:
            case FieldNode(name=name, selection_set=inner):
                yield SelectedField(name.value, read_selections(inner))
            case InlineFragmentNode(type_condition=NamedTypeNode(name=name), selection_set=inner):
                yield SelectedType(name.value, read_selections(inner))
            case InlineFragmentNode(selection_set=inner):
                yield from _read(inner)
            case _:
                # Field sets with named fragments were refused before.
                pass
