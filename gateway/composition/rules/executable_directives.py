"""A directive that clients use means the same in every subgraph."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.directives import executable_definitions
from gateway.composition.rules.arguments import check_values
from gateway.composition.schema.model import DirectiveDefinition

_CODES: Final = (Code.FIELD_ARGUMENT_TYPE_MISMATCH, Code.FIELD_ARGUMENT_DEFAULT_MISMATCH)


def check_executable_directives(federation: Federation) -> Iterator[CompositionError]:
    """FIELD_ARGUMENT_TYPE_MISMATCH, FIELD_ARGUMENT_DEFAULT_MISMATCH,
    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH.
    """
    for definitions in executable_definitions(federation):
        having = list(zip(federation.members, definitions, strict=True))
        for name in dict.fromkeys(name for one in definitions for name in one.arguments):
            yield from _argument(federation, name, having)


def _argument(
    federation: Federation, name: str, having: Sequence[tuple[Member, DirectiveDefinition]]
) -> Iterator[CompositionError]:
    coordinate = f"@{having[0][1].name}({name}:)"
    values = [(member, one.arguments[name]) for member, one in having if name in one.arguments]
    required = [(member, value) for member, value in values if value.is_required]
    if required and len(values) < len(having):
        member, value = required[0]
        yield member.error(
            Code.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
            f"{coordinate} is required here, and other subgraphs do not take it.",
            coordinate,
            value.line,
        )
    yield from check_values(federation, coordinate, values, _CODES)
