"""How far a capability reaches for somebody: whole accounts, or only some rows in them."""

from collections.abc import Iterable
from typing import Final

from gateway.supergraph.model import Rule
from kit.contract import Capability
from portal.access.columns import Column

#: What the marks of the matrix mean, those that reach furthest first.
MARKS: Final = {
    "*": "all accounts",
    "A": "the whole account",
    "S": "the account, with the scope",
    "P": "the customers of the partner, within the relation's scope and dates",
    "Q": "the cases of one's own queues, in all accounts",
    "G": "the key groups that one manages",
    "O": "one's own: created, assigned, owned or shared",
    "+": "every caller who gets this far",
}

_PARTIAL: Final = {
    Capability.KEY_READ_GROUP: "G",
    Capability.KEY_MANAGE_GROUP: "G",
    Capability.KEY_READ_OWN: "O",
    Capability.CASE_READ_OWN: "O",
}
#: These show something of keys: they reach as far as the keys do that one reads.
_OF_KEYS: Final = frozenset(
    {
        Capability.KEY_REFERENCE_READ,
        Capability.KEY_REVEAL,
        Capability.ACTIVATION_READ,
        Capability.DEPLOYMENT_READ,
    }
)
_KEYS: Final = (Capability.KEY_READ_ALL, Capability.KEY_READ_GROUP, Capability.KEY_READ_OWN)

#: By the scope's name.
_CAPABILITIES: Final = {capability.scope: capability for capability in Capability}


def reach(rules: Iterable[Rule], column: Column) -> frozenset[str]:
    """The marks of a field whose rules the column meets: where the narrowest of them reaches."""
    found = [_of_rule(rule, column) for rule in rules if rule.scopes]
    return min(found, key=_furthest, default=frozenset("+"))


def _of_rule(rule: Rule, column: Column) -> frozenset[str]:
    held = column.audience.scopes
    met = [alternative for alternative in rule.scopes if alternative <= held]
    return frozenset(
        mark
        for alternative in met
        for scope in alternative
        for mark in _marks(_CAPABILITIES[scope], column)
    )


def _marks(capability: Capability, column: Column) -> Iterable[str]:
    if capability in column.everywhere:
        yield "Q" if capability is Capability.STAFF_CASE else "*"
    if capability in column.customers:
        yield _PARTIAL.get(capability, "P")
    if capability in column.own:
        yield "S" if column.code == "API" else _in_account(capability, column)


def _in_account(capability: Capability, column: Column) -> str:
    if capability in _OF_KEYS:
        keys = next((each for each in _KEYS if each in column.own), None)
        return _PARTIAL.get(keys, "A") if keys is not None else "A"
    return _PARTIAL.get(capability, "A")


def _furthest(marks: frozenset[str]) -> int:
    order = list(MARKS)
    return -min(order.index(mark) for mark in marks)


def in_order(marks: Iterable[str]) -> str:
    """The marks as one cell; what a mark before it covers is left out."""
    found = set(marks)
    if found & {"*", "A", "S"}:
        found -= {"G", "O", "+"}
    if "*" in found:
        found -= {"A", "P"}
    return "".join(mark for mark in MARKS if mark in found)
