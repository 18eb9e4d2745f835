"""The subgraphs' values of an enum fit where it is used."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.merging.enums import enum_sources


def check_enums(federation: Federation) -> Iterator[CompositionError]:
    """ENUM_VALUE_MISMATCH for what is both sent and answered, EMPTY_MERGED_ENUM_TYPE."""
    for name in federation.type_names:
        if name in federation.sent_types:
            if name in federation.answered_types:
                yield from _same_values(federation, name)
            else:
                yield from _common_values(federation, name)


def _same_values(federation: Federation, name: str) -> Iterator[CompositionError]:
    sources = enum_sources(federation, name)
    for value in dict.fromkeys(value for _, enum in sources for value in enum.values):
        having = [(member, enum.values[value]) for member, enum in sources if value in enum.values]
        if len(having) == len(sources) or any(one.has("inaccessible") for _, one in having):
            continue
        without = next(member.name for member, enum in sources if value not in enum.values)
        member, element = having[0]
        yield member.error(
            Code.ENUM_VALUE_MISMATCH,
            f'{name} is both sent and answered, and "{without}" has no value {value}.',
            f"{name}.{value}",
            element.line,
        )


def _common_values(federation: Federation, name: str) -> Iterator[CompositionError]:
    sources = enum_sources(federation, name)
    if sources and not set.intersection(*(set(enum.values) for _, enum in sources)):
        member, enum = sources[0]
        yield member.error(
            Code.EMPTY_MERGED_ENUM_TYPE,
            f"No value of {name} is in every subgraph that has the enum.",
            name,
            enum.line,
        )
