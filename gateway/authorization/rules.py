"""Which of the rules before a field a caller does not meet."""

from dataclasses import dataclass
from typing import Final

from gateway.authorization.denial import Denial, Denials
from gateway.authorization.guards import guards
from gateway.cache import Lru
from gateway.supergraph.model import Rule, Supergraph

_AUDIENCES_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Audience:
    """What the rules ask of a caller: whether it is known, and its scopes."""

    authenticated: bool
    scopes: frozenset[str] = frozenset()


class Authorization:
    """The rules of one supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._guards = dict(guards(supergraph))
        self._kept: Lru[Audience, Denials] = Lru(_AUDIENCES_KEPT)

    def denials(self, audience: Audience) -> Denials:
        """The fields of object types that this caller may not see."""
        known = self._kept.get(audience)
        if known is None:
            known = {
                field: denial
                for field, rules in self._guards.items()
                if (denial := _first_denial(rules, audience)) is not None
            }
            self._kept.put(audience, known)
        return known


def _first_denial(rules: list[tuple[str, Rule]], audience: Audience) -> Denial | None:
    for coordinate, rule in rules:
        if rule.authenticated and not audience.authenticated:
            return Denial(coordinate, "authenticated", "a signed-in caller")
        if not _meets(rule.scopes, audience.scopes):
            return Denial(coordinate, "requiresScopes", _in_words(rule.scopes))
        if rule.policies:
            # No policy engine is connected: what asks for one is closed.
            return Denial(coordinate, "policy", _in_words(rule.policies))
    return None


def _meets(alternatives: tuple[frozenset[str], ...], held: frozenset[str]) -> bool:
    return not alternatives or any(alternative <= held for alternative in alternatives)


def _in_words(alternatives: tuple[frozenset[str], ...]) -> str:
    return " or ".join(" and ".join(sorted(alternative)) for alternative in alternatives)
