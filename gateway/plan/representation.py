"""How an entity is named to a subgraph: the fields of its `_Any` representation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequiredField:
    """One field of a representation.

    `name` is its key there, `source` the key it has in the merged tree. Without a key field
    (missing or null) the entity cannot be named and is skipped. A field of @requires
    (`optional`) is sent as null when it is null; when it is missing the entity is skipped.
    """

    name: str
    source: str
    optional: bool
    selections: tuple["Requirement", ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredOfType:
    """Fields that only objects of these types have."""

    types: frozenset[str]
    selections: tuple["Requirement", ...]


Requirement = RequiredField | RequiredOfType


@dataclass(frozen=True, slots=True)
class Representation:
    """How objects of these runtime types are named; no types means whatever type.

    `typename` is sent as `__typename`; None sends the object's own. It differs where the
    subgraph knows the entity by an interface only (@interfaceObject).
    """

    types: frozenset[str]
    typename: str | None
    fields: tuple[Requirement, ...]
