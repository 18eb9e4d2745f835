"""What fields ask of callers, in words and as logic: all guards of a field together."""

from collections.abc import Iterable, Mapping
from typing import Final

from gateway.authorization.guards import guards
from gateway.composition.authorization import Demand
from gateway.supergraph.model import Rule, Supergraph

_NOTHING: Final = frozenset({frozenset[str]()})

#: By object type and name of the field.
Guards = Mapping[tuple[str, str], Mapping[str, Rule]]


def guards_of(supergraph: Supergraph) -> Guards:
    """The rules before each guarded field, by the coordinate that they stand on."""
    return {field: dict(found) for field, found in guards(supergraph)}


def demand_of(rules: Iterable[Rule]) -> Demand:
    """What the rules demand together. Only who has signed in holds a scope."""
    demand = Demand()
    for rule in rules:
        demand &= Demand(
            rule.authenticated or bool(rule.scopes),
            frozenset(rule.scopes) or _NOTHING,
            frozenset(rule.policies) or _NOTHING,
        )
    return demand


def in_words(rules: Iterable[Rule]) -> str:
    """`signed in, and invoice:read or key:read:all`."""
    parts = [part for rule in rules for part in _parts(rule)]
    return ", and ".join(dict.fromkeys(parts)) or "nothing"


def _parts(rule: Rule) -> Iterable[str]:
    if rule.authenticated:
        yield "signed in"
    if rule.scopes:
        yield _alternatives(rule.scopes)
    if rule.policies:
        yield f"policy {_alternatives(rule.policies)}"


def _alternatives(alternatives: Iterable[frozenset[str]]) -> str:
    return " or ".join(" and ".join(sorted(alternative)) for alternative in alternatives)
