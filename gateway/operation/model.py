"""An operation as the planner and the projection read it.

Fragments are resolved, conditions decided, equal fields merged: every selection set of an
object type holds fields alone, that of an abstract type fields and fragments on object types.
"""

from dataclasses import dataclass

from graphql import OperationType


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a field as they are sent, for instance `(first:5,view:$view)`.

    Sorted by name, so that equal arguments have equal text. Empty without arguments.
    `directives` are those of the subgraphs' own that stand with the field.
    """

    text: str = ""
    directives: str = ""
    variables: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """A field selected on `parent`; `type` is its named type, `lists` how often it is listed.

    `part` is what of the answer it is delivered with: 0 is the first, the others are deferred.
    A selection set holds a response key once for each part, and not again for what a part that
    comes before it brings.
    """

    parent: str
    name: str
    key: str
    type: str
    lists: int
    arguments: Arguments = Arguments()
    selections: tuple["Selection", ...] = ()
    part: int = 0


@dataclass(frozen=True, slots=True)
class Fragment:
    """Fields for objects of one type."""

    type: str
    selections: tuple[Field, ...]


Selection = Field | Fragment


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's definition; `declaration` is its text, for instance `$first:Int=20`."""

    name: str
    declaration: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a fragment with @defer selects at the objects under the response keys of `path`.

    It is delivered after `parent`, the part in which the fragment stands.
    """

    id: int
    parent: int
    label: str | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, ready to be planned. `parts` are those that are deferred.

    `directives` are those of the subgraphs' own that stand with the operation.
    """

    kind: OperationType
    name: str | None
    type: str
    variables: tuple[Variable, ...]
    selections: tuple[Selection, ...]
    parts: tuple[Part, ...] = ()
    directives: Arguments = Arguments()

    @property
    def roots(self) -> list[Field]:
        """The root fields."""
        return [selection for selection in self.selections if isinstance(selection, Field)]
