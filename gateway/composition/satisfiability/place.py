"""Where a value is known from."""

from dataclasses import dataclass

from gateway.composition.satisfiability.selection import Selection


@dataclass(frozen=True, slots=True)
class Place:
    """A value as one subgraph knows it.

    `type` is what the subgraph takes it for: its object type, an abstract type, or an interface
    object. `provided` are the `@external` fields that the subgraph answers here all the same.
    """

    member: str
    type: str
    provided: tuple[Selection, ...] = ()

    @property
    def bare(self) -> "Place":
        """The same without what is provided."""
        return Place(self.member, self.type) if self.provided else self


@dataclass(frozen=True, slots=True)
class Entry:
    """A key by which a subgraph finds a value again; `fields` is its text.

    `type` is the value's own type, or an interface object that stands for it.
    """

    member: str
    type: str
    fields: str
    selections: tuple[Selection, ...]
    is_resolvable: bool

    @property
    def place(self) -> Place:
        """Where one is after it."""
        return Place(self.member, self.type)


@dataclass(frozen=True, slots=True)
class Label:
    """A progressive @override: the field is here while the label is active, or while it is not."""

    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Context:
    """An object above that sets a context, which is a subgraph's and has its name there."""

    member: str
    name: str
    type: str
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class ContextNeed:
    """What a field's contextual argument takes of a context."""

    name: str
    selections: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field as one subgraph has it.

    `to` is where it leads, with what it provides itself. `requires` is None without a
    `@requires`; `overridden_by` names the subgraph that took the field over for good.
    """

    to: Place
    is_external: bool
    overridden_by: str | None
    label: Label | None
    requires: tuple[Selection, ...] | None
    contexts: tuple[ContextNeed, ...]
