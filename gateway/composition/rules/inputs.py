"""What is left of an input type in all subgraphs is enough for each of them."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.rules.arguments import check_values
from gateway.composition.schema.model import InputType, InputValue

Source = tuple[Member, InputType]

_CODES: Final = (Code.FIELD_TYPE_MISMATCH, Code.INPUT_FIELD_DEFAULT_MISMATCH)


def check_inputs(federation: Federation) -> Iterator[CompositionError]:
    """REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH, FIELD_TYPE_MISMATCH,
    INPUT_FIELD_DEFAULT_MISMATCH, EMPTY_MERGED_INPUT_TYPE.
    """
    for type_name in federation.type_names:
        sources = [
            (member, definition)
            for member, definition in federation.sources(type_name)
            if isinstance(definition, InputType)
        ]
        if sources:
            yield from _check(federation, type_name, sources)


def _check(
    federation: Federation, type_name: str, sources: Sequence[Source]
) -> Iterator[CompositionError]:
    kept = []
    for name in dict.fromkeys(name for _, type in sources for name in type.fields):
        coordinate = f"{type_name}.{name}"
        having = [(m, type.fields[name]) for m, type in sources if name in type.fields]
        yield from check_values(federation, coordinate, having, _CODES)
        is_hidden = any(value.has("inaccessible") for _, value in having)
        if len(having) == len(sources) or is_hidden:
            kept.append(name)
        else:
            yield from _dropped(coordinate, having)
    if not kept:
        member, type = sources[0]
        yield member.error(
            Code.EMPTY_MERGED_INPUT_TYPE,
            f"No field of {type_name} is in every subgraph that has the type.",
            type_name,
            type.line,
        )


def _dropped(
    coordinate: str, having: Sequence[tuple[Member, InputValue]]
) -> Iterator[CompositionError]:
    for member, value in having:
        if value.is_required:
            yield member.error(
                Code.REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
                f"{coordinate} is required here, but other subgraphs do not take it.",
                coordinate,
                value.line,
            )
