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
                    if _is_empty(applied.arguments.get(argument)):
                        yield member.error(
                            Code.INVALID_GRAPHQL,
                            f"@{directive} on {coordinate} has an empty list in {argument}.",
                            coordinate,
                            applied.line,
                        )


def _is_empty(alternatives: Literal) -> bool:
    if not isinstance(alternatives, tuple):
        return alternatives is None
    return not alternatives or any(alternative in ((), None) for alternative in alternatives)
