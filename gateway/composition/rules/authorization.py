"""A rule that nobody can satisfy is a mistake, and must not be read as no rule."""

from collections.abc import Iterator
from typing import Final

from gateway.composition.errors import Code, CompositionError
from gateway.composition.member import Member
from gateway.composition.schema.literal import Literal
from gateway.composition.schema.walk import elements

_ALTERNATIVES: Final = (("requiresScopes", "scopes"), ("policy", "policies"))


def check_authorization(member: Member) -> Iterator[CompositionError]:
    """INVALID_GRAPHQL for an authorization directive that names nothing."""
    for definition in member.schema.types.values():
        for coordinate, element in elements(definition):
            for directive, argument in _ALTERNATIVES:
                for applied in element.applied(directive):
                    if not _names_something(applied.arguments.get(argument)):
                        yield member.error(
                            Code.INVALID_GRAPHQL,
                            f"@{directive} on {coordinate} needs lists of names in {argument}.",
                            coordinate,
                            applied.line,
                        )


def _names_something(value: Literal) -> bool:
    """Whether it is a name, or a list of such that is not empty."""
    if isinstance(value, tuple):
        return bool(value) and all(map(_names_something, value))
    return isinstance(value, str) and bool(value)
