"""The names of a supergraph's machinery are its own."""

from collections.abc import Iterator
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.specifications import SPECIFICATIONS

_PREFIXES: Final = tuple(f"{name}__" for name in ("join", *SPECIFICATIONS) if name != "federation")


def check_reserved_names(member: Member) -> Iterator[CompositionError]:
    """TYPE_DEFINITION_INVALID, DIRECTIVE_DEFINITION_INVALID."""
    for type in member.schema.types.values():
        if type.name.startswith(_PREFIXES):
            yield member.error(
                Code.TYPE_DEFINITION_INVALID,
                f"{type.name} has a name that supergraphs keep for themselves.",
                type.name,
                type.line,
            )
    for directive in member.schema.directives.values():
        if directive.name.startswith(_PREFIXES):
            yield member.error(
                Code.DIRECTIVE_DEFINITION_INVALID,
                f"@{directive.name} has a name that supergraphs keep for themselves.",
                f"@{directive.name}",
                directive.line,
            )
