"""Types, fields and what is said of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.composition.schema.literal import Literal
from gateway.composition.schema.type_ref import NonNull, TypeRef

#: Where clients may use a directive.
EXECUTABLE_LOCATIONS: Final = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)


@dataclass(frozen=True, slots=True)
class Applied:
    """One use of a directive. Equality is by name and arguments, not by place.

    `called` is its name in the document that it was read from.
    """

    name: str
    arguments: Mapping[str, Literal] = field(default_factory=dict)
    line: int | None = field(default=None, compare=False)
    on_extension: bool = field(default=False, compare=False)
    called: str | None = field(default=None, compare=False)

    def text(self, argument: str) -> str | None:
        """An argument that is a string; None when it is absent or something else."""
        value = self.arguments.get(argument)
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What can be named, described and given directives.

    `directives` are those of understood specifications, under the specifications' own names
    whatever the document calls them; `custom` are all others.
    """

    name: str
    description: str | None = None
    directives: tuple[Applied, ...] = ()
    custom: tuple[Applied, ...] = ()
    line: int | None = None

    def applied(self, name: str) -> Iterator[Applied]:
        """Each use of one directive of an understood specification."""
        return (directive for directive in self.directives if directive.name == name)

    def has(self, name: str) -> bool:
        """Whether a directive of an understood specification is used."""
        return any(True for _ in self.applied(name))


@dataclass(frozen=True, slots=True)
class Default:
    """A default value; one that is null is not the same as none."""

    value: Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class InputValue(Element):
    """An argument, or a field of an input type."""

    type: TypeRef
    default: Default | None = None

    @property
    def is_required(self) -> bool:
        """Whether it must be sent (GraphQL spec, 5.4.2.1)."""
        return isinstance(self.type, NonNull) and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """A field of an object or interface type."""

    type: TypeRef
    arguments: Mapping[str, InputValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeElement(Element):
    """A type of any kind. `is_extension`: the document extends it and does not define it."""

    is_extension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarType(TypeElement):
    """A leaf without parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite(TypeElement):
    """What has fields that resolve to something."""

    interfaces: tuple[str, ...] = ()
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType(Composite):
    """A type that values have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceType(Composite):
    """Fields that several types have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionType(TypeElement):
    """One of several object types."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType(TypeElement):
    """One of several names."""

    values: Mapping[str, Element]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputType(TypeElement):
    """A record that clients send."""

    fields: Mapping[str, InputValue]


Definition = ScalarType | ObjectType | InterfaceType | UnionType | EnumType | InputType


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveDefinition(Element):
    """A directive that a schema defines."""

    arguments: Mapping[str, InputValue]
    locations: tuple[str, ...]
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Types and directives by name. The root types have their usual names."""

    types: Mapping[str, Definition]
    directives: Mapping[str, DirectiveDefinition]
    applied: tuple[Applied, ...] = ()
    custom: tuple[Applied, ...] = ()
    description: str | None = None

    def composites(self) -> Iterator[ObjectType | InterfaceType]:
        """Every type that has output fields."""
        for definition in self.types.values():
            if isinstance(definition, ObjectType | InterfaceType):
                yield definition

    def composite(self, name: str) -> ObjectType | InterfaceType | None:
        """The type of that name if it has output fields."""
        definition = self.types.get(name)
        return definition if isinstance(definition, ObjectType | InterfaceType) else None

    def possible_types(self, name: str) -> frozenset[str]:
        """The object types that a value of this type may have."""
        match self.types.get(name):
            case UnionType(members=members):
                return frozenset(members)
            case InterfaceType():
                return frozenset(
                    type.name
                    for type in self.composites()
                    if isinstance(type, ObjectType) and name in type.interfaces
                )
            case ObjectType():
                return frozenset({name})
            case _:
                return frozenset()
