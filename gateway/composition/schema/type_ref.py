"""References to types, and which of two the other may stand in for (GraphQL spec, 3.6.1)."""

from collections.abc import Callable
from dataclasses import dataclass

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    of: "TypeRef"

    def __str__(self) -> str:
        return f"[{self.of}]"


@dataclass(frozen=True, slots=True)
class NonNull:
    """Never null."""

    of: "Named | ListOf"

    def __str__(self) -> str:
        return f"{self.of}!"


TypeRef = Named | ListOf | NonNull

#: Whether the first name's type is one of the second name's possible types or implements it.
IsSubtype = Callable[[str, str], bool]


def read_type_ref(node: TypeNode) -> TypeRef:
    """The reference of a document's node."""
    match node:
        case NonNullTypeNode():
            inner = read_type_ref(node.type)
            assert not isinstance(inner, NonNull), "the grammar has no such type"
            return NonNull(inner)
        case ListTypeNode():
            return ListOf(read_type_ref(node.type))
        case NamedTypeNode():
            return Named(node.name.value)
        case _:
            raise TypeError(f"{node.kind} is no type reference.")


def named_type(ref: TypeRef) -> str:
    """The type's name without lists and non-nulls."""
    while not isinstance(ref, Named):
        ref = ref.of
    return ref.name


def renamed(ref: TypeRef, names: Callable[[str], str]) -> TypeRef:
    """The same shape over another name."""
    match ref:
        case Named(name):
            return Named(names(name))
        case ListOf(of):
            return ListOf(renamed(of, names))
        case NonNull(of):
            inner = renamed(of, names)
            assert not isinstance(inner, NonNull), "renaming keeps the shape"
            return NonNull(inner)


def is_same_or_narrower(ref: TypeRef, than: TypeRef, is_subtype: IsSubtype) -> bool:
    """Whether each value of `ref` is a value of `than`."""
    match ref, than:
        case NonNull(inner), NonNull(wider):
            return is_same_or_narrower(inner, wider, is_subtype)
        case NonNull(inner), _:
            return is_same_or_narrower(inner, than, is_subtype)
        case ListOf(inner), ListOf(wider):
            return is_same_or_narrower(inner, wider, is_subtype)
        case Named(name), Named(wider_name):
            return name == wider_name or is_subtype(name, wider_name)
        case _:
            return False


def widest(refs: list[TypeRef], is_subtype: IsSubtype) -> TypeRef | None:
    """The one that all others are narrower than; None when there is no such one."""
    for candidate in refs:
        if all(is_same_or_narrower(ref, candidate, is_subtype) for ref in refs):
            return candidate
    return None


def narrowest(refs: list[TypeRef], is_subtype: IsSubtype) -> TypeRef | None:
    """The one that is narrower than all others; None when there is no such one."""
    for candidate in refs:
        if all(is_same_or_narrower(candidate, ref, is_subtype) for ref in refs):
            return candidate
    return None
