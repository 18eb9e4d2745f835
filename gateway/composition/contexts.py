"""Arguments that are filled from an object above: `@fromContext(field: "$name selection")`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from graphql import SelectionSetNode

from gateway.composition.field_set import InvalidFieldSet, parse_field_set
from gateway.composition.schema.model import Applied, Field, InputValue

# What GraphQL ignores may stand anywhere before the selection.
_REFERENCE: Final = re.compile(
    r"^[\s,]*\$[\s,]*(?P<name>[A-Za-z_]\w*)(?P<selection>.*)$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ContextReference:
    """The context's name in its subgraph, and what is selected of it, as its authors wrote it."""

    name: str
    selection: str

    @classmethod
    def of(cls, applied: Applied) -> Self | None:
        """What a `@fromContext` refers to; None if it names no context or selects nothing."""
        match = _REFERENCE.match(applied.text("field") or "")
        if match is None or not match["selection"].strip():
            return None
        return cls(match["name"], match["selection"])

    def selections(self) -> SelectionSetNode:
        """Raises `InvalidFieldSet`."""
        text = self.selection.strip()
        if not text.startswith("{"):
            return parse_field_set(text)
        if not text.endswith("}"):
            raise InvalidFieldSet("It does not end with its brace.")
        return parse_field_set(text[1:-1])


def is_contextual(argument: InputValue) -> bool:
    """Whether the gateway gives the argument, and no client does."""
    return argument.has("fromContext")


def context_references(field: Field) -> Iterator[tuple[InputValue, ContextReference]]:
    """The field's contextual arguments, each with what it takes; an invalid one is left out."""
    for argument in field.arguments.values():
        for applied in argument.applied("fromContext"):
            reference = ContextReference.of(applied)
            if reference is not None:
                yield argument, reference
