"""What several subgraphs resolve must be of types that they all know."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError, Hint
from gateway.composition.merging.merged import Merged
from gateway.composition.satisfiability.atlas import Atlas
from gateway.composition.satisfiability.walk import Advance
from gateway.composition.schema.type_ref import TypeRef

TypesByMember = dict[str, frozenset[str]]


def types_by_member(atlas: Atlas, advance: Advance) -> TypesByMember:
    """For each subgraph that resolves the step's field, the types of values it may answer with.

    Empty unless several subgraphs do, and clients see an abstract type.
    """
    field = advance.route.field
    if field is None or not atlas.is_abstract(advance.to.type):
        return {}
    found: TypesByMember = {}
    for place in advance.to.places:
        types = atlas.possible_here(place.member, place.type)
        found[place.member] = found.get(place.member, frozenset()) | types
    return dict(sorted(found.items())) if len(found) > 1 else {}


def mismatch(
    merged: Merged, advance: Advance, types: TypesByMember, operation: str
) -> CompositionError:
    """SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: that no type is known to all of them."""
    coordinate, type = _field_of(advance)
    return merged.error(
        Code.SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES,
        f"For the following supergraph API query:\n{operation}\n"
        f'Shared field "{coordinate}" return type "{type}" has a non-intersecting set of '
        f"possible runtime types across subgraphs. Runtime types in subgraphs are:\n"
        f"{_listed(types)}.\n"
        "This is not allowed as shared fields must resolve the same way in all subgraphs, and "
        "that implies at least some common runtime types between the subgraphs.",
        coordinate,
    )


def hint_at_shared_value(advance: Advance, types: TypesByMember) -> Iterator[Hint]:
    """INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN."""
    if len(set(types.values())) < 2:
        return
    coordinate, type = _field_of(advance)
    yield Hint(
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        f'Shared field "{coordinate}" return type "{type}" has different sets '
        f"of possible runtime types across subgraphs:\n{_listed(types)}.\n"
        "It must resolve the same way in all of them.",
        coordinate,
    )


def _field_of(advance: Advance) -> tuple[str, TypeRef]:
    field = advance.route.field
    assert field is not None, "types are of a field's value"
    return f"{advance.route.type}.{field.name}", field.type


def _listed(types: TypesByMember) -> str:
    return ";\n".join(
        f' - in subgraph "{member}", {_named(sorted(names))}' for member, names in types.items()
    )


def _named(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) < 2:
        return f"type {quoted[0]}" if quoted else "no type"
    return f"types {', '.join(quoted[:-1])} and {quoted[-1]}"
