"""A field takes the same arguments wherever it is resolved, or can do without."""

from collections.abc import Iterator, Sequence

from gateway.composition.contexts import is_contextual
from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation, FieldSource
from gateway.composition.member import Member
from gateway.composition.merging.fields import merge_field
from gateway.composition.schema.model import Field, InputValue
from gateway.composition.schema.type_ref import is_same_or_narrower, narrowest


def check_arguments(federation: Federation) -> Iterator[CompositionError]:
    """REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH, FIELD_ARGUMENT_TYPE_MISMATCH,
    FIELD_ARGUMENT_DEFAULT_MISMATCH, and the same of external fields;
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS.
    """
    for type_name in federation.type_names:
        for name in federation.field_names(type_name):
            sources = federation.field_sources(type_name, name)
            resolved = [source for source in sources if not source.is_external]
            arguments = dict.fromkeys(
                argument for source in resolved for argument in source.field.arguments
            )
            for argument in arguments:
                yield from _argument(federation, f"{type_name}.{name}", argument, resolved)
            if resolved:
                merged = merge_field(federation, resolved)
                for source in sources:
                    if source.is_external:
                        yield from _external(federation, f"{type_name}.{name}", merged, source)


def _argument(
    federation: Federation, field: str, name: str, sources: Sequence[FieldSource]
) -> Iterator[CompositionError]:
    coordinate = f"{field}({name}:)"
    having = [
        (source.member, source.field.arguments[name])
        for source in sources
        if name in source.field.arguments
    ]
    if any(is_contextual(value) for _, value in having):
        yield from _contextual(coordinate, having)
        return
    required = [(member, value) for member, value in having if value.is_required]
    if required and len(having) < len(sources):
        member, value = required[0]
        without = next(s.member.name for s in sources if name not in s.field.arguments)
        yield member.error(
            Code.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
            f'{coordinate} is required here, and "{without}" does not take it.',
            coordinate,
            value.line,
        )
    codes = (Code.FIELD_ARGUMENT_TYPE_MISMATCH, Code.FIELD_ARGUMENT_DEFAULT_MISMATCH)
    yield from check_values(federation, coordinate, having, codes)


def _contextual(
    coordinate: str, having: Sequence[tuple[Member, InputValue]]
) -> Iterator[CompositionError]:
    """Clients cannot give it, so nobody would where it is not contextual."""
    for member, value in having:
        if value.is_required and not is_contextual(value):
            yield member.error(
                Code.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
                f"{coordinate} is required here and is not @fromContext, as it is elsewhere.",
                coordinate,
                value.line,
            )


def check_values(
    federation: Federation,
    coordinate: str,
    having: Sequence[tuple[Member, InputValue]],
    codes: tuple[Code, Code],
) -> Iterator[CompositionError]:
    """Whether the types of one value in several subgraphs, and its defaults, can be merged."""
    type_code, default_code = codes
    values = [value for _, value in having]
    if narrowest([value.type for value in values], federation.is_subtype) is None:
        types = ", ".join(f'{value.type} in "{member.name}"' for member, value in having)
        yield having[-1][0].error(
            type_code,
            f"The types of {coordinate} cannot be merged: {types}.",
            coordinate,
            values[-1].line,
        )
    # To have no default is no other default.
    given = [(member, value) for member, value in having if value.default is not None]
    for member, value in given[1:]:
        if value.default != given[0][1].default:
            yield member.error(
                default_code,
                f'{coordinate} has another default here than in "{given[0][0].name}".',
                coordinate,
                value.line,
            )


def _external(
    federation: Federation, field: str, merged: Field, source: FieldSource
) -> Iterator[CompositionError]:
    for name, argument in merged.arguments.items():
        own = source.field.arguments.get(name)
        coordinate = f"{field}({name}:)"
        if own is None:
            code, what = Code.EXTERNAL_ARGUMENT_MISSING, "is missing"
        elif not is_same_or_narrower(argument.type, own.type, federation.is_subtype):
            code, what = Code.EXTERNAL_ARGUMENT_TYPE_MISMATCH, f"is of the type {own.type}"
        elif own.default != argument.default:
            code, what = Code.EXTERNAL_ARGUMENT_DEFAULT_MISMATCH, "has another default"
        else:
            continue
        yield source.member.error(
            code,
            f"{coordinate} of the external field {what} here: it must be declared as it is "
            "where it is resolved.",
            coordinate,
            source.field.line,
        )
