"""The types of a field in different subgraphs have one that all others narrow."""

from collections.abc import Iterator, Sequence

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation, FieldSource
from gateway.composition.schema.type_ref import TypeRef, is_same_or_narrower, renamed, widest


def check_field_types(federation: Federation) -> Iterator[CompositionError]:
    """FIELD_TYPE_MISMATCH, EXTERNAL_TYPE_MISMATCH."""
    for type_name in federation.type_names:
        for name in federation.field_names(type_name):
            sources = federation.field_sources(type_name, name)
            yield from _check(federation, f"{type_name}.{name}", sources)


def _check(
    federation: Federation, coordinate: str, sources: Sequence[FieldSource]
) -> Iterator[CompositionError]:
    resolved = [source for source in sources if not source.is_external]
    if not resolved:
        return
    type = widest([source.field.type for source in resolved], federation.is_subtype)
    if type is None:
        yield _mismatch(coordinate, resolved)
        return
    for source in sources:
        if source.is_external and not _is_declared_like(federation, type, source.field.type):
            yield source.member.error(
                Code.EXTERNAL_TYPE_MISMATCH,
                f"{coordinate} is external here with the type {source.field.type}, "
                f"but is of the type {type} where it is resolved.",
                coordinate,
                source.field.line,
            )


def _mismatch(coordinate: str, sources: Sequence[FieldSource]) -> CompositionError:
    types = ", ".join(f'{source.field.type} in "{source.member.name}"' for source in sources)
    odd = next(source for source in sources if source.field.type != sources[0].field.type)
    return odd.member.error(
        Code.FIELD_TYPE_MISMATCH,
        f"The types of {coordinate} cannot be merged: {types}.",
        coordinate,
        odd.field.line,
    )


def _is_declared_like(federation: Federation, type: TypeRef, external: TypeRef) -> bool:
    """As where it is resolved, or as a type that the resolved one is a subtype of."""
    same_shape = renamed(type, _anything) == renamed(external, _anything)
    return same_shape and is_same_or_narrower(type, external, federation.is_subtype)


def _anything(_: str) -> str:
    return "_"
