"""What the authorization directives of an element demand, and when one demand implies another."""

from dataclasses import dataclass
from typing import Self

from gateway.composition.schema.literal import Literal
from gateway.composition.schema.model import Element

Alternatives = frozenset[frozenset[str]]

_NOTHING: Alternatives = frozenset({frozenset()})


@dataclass(frozen=True, slots=True)
class Demand:
    """Of scopes and policies, one alternative must be held in full. `a & b` demands both."""

    is_authenticated: bool = False
    scopes: Alternatives = _NOTHING
    policies: Alternatives = _NOTHING

    @classmethod
    def of(cls, *elements: Element | None) -> Self:
        """What all of the elements demand together."""
        demand = cls()
        for element in elements:
            if element is not None:
                demand = demand & cls._of(element)
        return demand

    def __and__(self, other: "Demand") -> Self:
        return type(self)(
            self.is_authenticated or other.is_authenticated,
            _both(self.scopes, other.scopes),
            _both(self.policies, other.policies),
        )

    def implies(self, other: "Demand") -> bool:
        """Whether whoever meets this demand meets the other."""
        return (
            (self.is_authenticated or not other.is_authenticated)
            and _implies(self.scopes, other.scopes)
            and _implies(self.policies, other.policies)
        )

    @classmethod
    def _of(cls, element: Element) -> Self:
        return cls(
            element.has("authenticated"),
            _alternatives(element, "requiresScopes", "scopes"),
            _alternatives(element, "policy", "policies"),
        )


def _alternatives(element: Element, directive: str, argument: str) -> Alternatives:
    """GraphQL reads a single value as a list of it."""
    applied = next(element.applied(directive), None)
    if applied is None:
        return _NOTHING
    return frozenset(
        frozenset(map(str, _items(alternative)))
        for alternative in _items(applied.arguments.get(argument))
    )


def _items(value: Literal) -> tuple[Literal, ...]:
    return value if isinstance(value, tuple) else (value,)


def _both(some: Alternatives, others: Alternatives) -> Alternatives:
    combined = frozenset(one | other for one in some for other in others)
    return frozenset(one for one in combined if not any(less < one for less in combined))


def _implies(held: Alternatives, demanded: Alternatives) -> bool:
    return all(any(enough <= one for enough in demanded) for one in held)
