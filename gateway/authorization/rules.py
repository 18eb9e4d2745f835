"""Which of the rules before a field a caller does not meet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.authorization.denial import Denial, Denials
from gateway.authorization.guards import guards
from gateway.authorization.policies import Policies
from gateway.authorization.transitive import sources
from gateway.cache import Lru
from gateway.graph.query_graph import QueryGraph
from gateway.supergraph.model import Rule, Supergraph

_AUDIENCES_KEPT: Final = 1_000

Coordinate = tuple[str, str]
Alternatives = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """What the rules ask of a caller: whether it is known, its scopes, and what was `granted`.

    Those are policies that look at nothing but the caller, and said yes.
    """

    authenticated: bool
    scopes: frozenset[str] = frozenset()
    granted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pending:
    """A rule that depends on the object: one alternative of policies must be granted whole."""

    coordinate: str
    alternatives: Alternatives

    @property
    def names(self) -> frozenset[str]:
        """All policies that have a say."""
        return frozenset[str]().union(*self.alternatives)

    def denial(self, granted: frozenset[str]) -> Denial | None:
        """What denies the field when these policies say yes, and no others."""
        if _meets(self.alternatives, granted):
            return None
        missing = lacking(self.alternatives, granted)
        return Denial(self.coordinate, "policy", in_words(self.alternatives), missing)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where an audience stands: what it is denied, and what depends on objects.

    By field of an object type, and by input type for what arguments are made of.
    """

    denials: Denials
    pending: Mapping[Coordinate, tuple[Pending, ...]]
    inputs: Mapping[str, Denial | Pending]


@dataclass(frozen=True, slots=True)
class _Guard:
    """A rule and what it stands on; `near` if that is about the object whose field it guards."""

    coordinate: str
    rule: Rule
    near: bool = True


class Authorization:
    """The rules of one supergraph. What a policy guards that nobody decides is closed."""

    def __init__(self, supergraph: Supergraph, policies: Policies | None = None) -> None:
        self._policies = policies or Policies()
        self._guards = _all_guards(supergraph)
        self._rules = supergraph.rules
        self._kept: Lru[Audience, Standing] = Lru(_AUDIENCES_KEPT)

    @property
    def unknown_policies(self) -> frozenset[str]:
        """The names in rules that no policy has."""
        return _names(self._rules.values()) - self._policies.names

    def denials(self, audience: Audience) -> Denials:
        """The fields of object types that this caller may not see, whatever the object."""
        return self.standing(audience).denials

    def standing(self, audience: Audience) -> Standing:
        """Where this caller stands, as far as no object is needed to say it."""
        known = self._kept.get(audience)
        if known is None:
            known = self._decided(audience)
            self._kept.put(audience, known)
        return known

    def caller_policies(
        self, fields: Iterable[Coordinate], inputs: Iterable[str]
    ) -> frozenset[str]:
        """The policies about the caller alone that stand before any of these."""
        rules = [guard.rule for each in fields for guard in self._guards.get(each, ())]
        rules += [self._rules[name] for name in inputs]
        return _names(rules) & self._policies.about_callers.keys()

    def asks_policies(self, coordinate: Coordinate) -> bool:
        """Whether policies stand before the field."""
        return any(guard.rule.policies for guard in self._guards.get(coordinate, ()))

    def _decided(self, audience: Audience) -> Standing:
        denials: dict[tuple[str, ...], Denial] = {}
        pending: dict[Coordinate, tuple[Pending, ...]] = {}
        for coordinate, found in self._guards.items():
            verdicts = [self._verdict(guard, audience) for guard in found]
            denied = next((each for each in verdicts if isinstance(each, Denial)), None)
            open_questions = tuple(each for each in verdicts if isinstance(each, Pending))
            if denied is not None:
                denials[coordinate] = denied
            elif open_questions:
                pending[coordinate] = open_questions
        types = {name: _Guard(name, rule) for name, rule in self._rules.items() if "." not in name}
        inputs = {name: self._verdict(guard, audience) for name, guard in types.items()}
        return Standing(
            denials, pending, {name: each for name, each in inputs.items() if each is not None}
        )

    def _verdict(self, guard: _Guard, audience: Audience) -> Denial | Pending | None:
        rule, coordinate = guard.rule, guard.coordinate
        if rule.authenticated and not audience.authenticated:
            return Denial(coordinate, "authenticated", "a signed-in caller", (("authenticated",),))
        if rule.scopes and not _meets(rule.scopes, audience.scopes):
            missing = lacking(rule.scopes, audience.scopes)
            return Denial(coordinate, "requiresScopes", in_words(rule.scopes), missing)
        return self._of_policies(guard, audience) if rule.policies else None

    def _of_policies(self, guard: _Guard, audience: Audience) -> Denial | Pending | None:
        pending = Pending(guard.coordinate, guard.rule.policies)
        denial = pending.denial(audience.granted)
        if denial is None or not guard.near:
            return denial
        possible = audience.granted | self._policies.about_objects.keys()
        return denial if pending.denial(possible) is not None else pending


def in_words(alternatives: Alternatives) -> str:
    """What is asked for, for people to read."""
    return " or ".join(" and ".join(sorted(alternative)) for alternative in alternatives)


def lacking(alternatives: Alternatives, held: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """Of each alternative what is not held."""
    return tuple(tuple(sorted(alternative - held)) for alternative in alternatives)


def _meets(alternatives: Alternatives, held: frozenset[str]) -> bool:
    return any(alternative <= held for alternative in alternatives)


def _names(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(name for rule in rules for each in rule.policies for name in each)


def _all_guards(supergraph: Supergraph) -> dict[Coordinate, list[_Guard]]:
    """The rules before each field and before all that it is computed from."""
    own = dict(guards(supergraph))
    found = {of: [_Guard(on, rule) for on, rule in rules] for of, rules in own.items()}
    for coordinate, computed_from in sources(QueryGraph(supergraph)).items():
        known = found.get(coordinate, [])
        further = [
            _Guard(on, rule, source.near)
            for source in sorted(computed_from, key=lambda each: each.coordinate)
            for on, rule in own.get(source.coordinate, ())
        ]
        met = {guard.coordinate for guard in known}
        known += [guard for guard in further if guard.coordinate not in met]
        if known:
            found[coordinate] = known
    return found
