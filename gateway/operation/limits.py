"""Limits on a document: on its text before it is parsed, and on what it spreads out to.

Each fragment is measured once, so a document that doubles with every fragment costs no more to
measure than to read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.errors import LimitExceeded

#: Strings and comments, which may hold brackets; brackets; names and numbers; punctuation.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*'
    r"|[{(\[]|[})\]]|[A-Za-z0-9_.\-+]+|[!$&:=@|]",
    re.DOTALL,
)
#: The parser recurses: deeper than this and it would run out of stack.
_MAX_NESTING: Final = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may ask."""

    tokens: int = 10_000
    depth: int = 20
    aliases: int = 100
    root_fields: int = 50
    directives: int = 200
    fields: int = 5_000


def check_text(text: str, limits: Limits) -> None:
    """Before parsing. Raises `LimitExceeded`."""
    nesting = 0
    for count, token in enumerate(_tokens(text), start=1):
        if token in "{([":
            nesting += 1
        elif token in "})]":
            nesting -= 1
        if count > limits.tokens:
            raise LimitExceeded("tokens", limits.tokens)
        if nesting > _MAX_NESTING:
            raise LimitExceeded("nesting", _MAX_NESTING)


def _tokens(text: str) -> Iterator[str]:
    return (match[0] for match in _TOKEN.finditer(text) if not match[0].startswith("#"))


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection spreads out to."""

    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0

    def beside(self, other: "Size") -> "Size":
        """Both, one next to the other."""
        return Size(
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            max(self.depth, other.depth),
        )


def check_document(document: DocumentNode, operation_name: str | None, limits: Limits) -> None:
    """After parsing, before validation, of the operation that will run. Raises `LimitExceeded`.

    A document whose fragments form a circle passes: validation refuses it.
    """
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and _runs(node, operation_name):
            _check(measure.of(node.selection_set), limits)
            roots = measure.root_fields(node.selection_set)
            if roots > limits.root_fields:
                raise LimitExceeded("root fields", limits.root_fields)


def _runs(node: OperationDefinitionNode, operation_name: str | None) -> bool:
    return operation_name is None or (node.name is not None and node.name.value == operation_name)


def _check(size: Size, limits: Limits) -> None:
    for measured, limit, name in (
        (size.depth, limits.depth, "depth"),
        (size.aliases, limits.aliases, "aliases"),
        (size.directives, limits.directives, "directives"),
        (size.fields, limits.fields, "fields"),
    ):
        if measured > limit:
            raise LimitExceeded(name, limit)


@dataclass(slots=True)
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    _sizes: dict[str, Size] = field(default_factory=dict)
    _roots: dict[str, int] = field(default_factory=dict)
    _level: int = 0

    def of(self, selections: SelectionSetNode) -> Size:
        self._level += 1
        if self._level > _MAX_NESTING:  # fragments in a chain nest too
            raise LimitExceeded("nesting", _MAX_NESTING)
        size = self._of_all(selections)
        self._level -= 1
        return size

    def _of_all(self, selections: SelectionSetNode) -> Size:
        size = Size()
        for node in selections.selections:
            size = size.beside(Size(directives=len(node.directives or ())))
            if isinstance(node, FieldNode):
                size = size.beside(self._of_field(node))
            elif isinstance(node, FragmentSpreadNode):
                size = size.beside(self._of_fragment(node.name.value))
            elif isinstance(node, InlineFragmentNode):
                size = size.beside(self.of(node.selection_set))
        return size

    def root_fields(self, selections: SelectionSetNode) -> int:
        count = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                count += 1
            elif isinstance(node, FragmentSpreadNode):
                count += self._roots_of_fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                count += self.root_fields(node.selection_set)
        return count

    def _of_field(self, node: FieldNode) -> Size:
        below = self.of(node.selection_set) if node.selection_set else Size()
        return Size(
            below.fields + 1, below.aliases + bool(node.alias), below.directives, below.depth + 1
        )

    def _of_fragment(self, name: str) -> Size:
        if name not in self._sizes:
            self._sizes[name] = Size()  # a circle counts once
            if name in self.fragments:
                self._sizes[name] = self.of(self.fragments[name].selection_set)
        return self._sizes[name]

    def _roots_of_fragment(self, name: str) -> int:
        if name not in self._roots:
            self._roots[name] = 0
            if name in self.fragments:
                self._roots[name] = self.root_fields(self.fragments[name].selection_set)
        return self._roots[name]
