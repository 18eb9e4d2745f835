"""Rules made by chance for a set of subgraphs: who must be what to see which part of it."""

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Final

from tests.fuzz.draft import FieldDraft, SetDraft, TypeDraft

#: The scopes that rules ask for. They are capabilities, so that principals may hold them.
SCOPES: Final = ("invoice:read", "report:export", "staff:case")

_ROOTS: Final = ("Query", "Mutation")
_LEAVES: Final = ("Mood", "Json")
_WORD: Final = re.compile(r"[A-Za-z]\w*")


def guard(set: SetDraft, chance: Random) -> None:
    """Protect some fields, types and leaves; what composes without rules mostly does with them.

    What a field is computed from is protected like the field itself, or not at all: readers of
    the one would else read the other, which does not compose.
    """
    required = _Required(set)
    for subgraph in set.subgraphs:
        for type in subgraph.types.values():
            if type.kind != "type":
                continue
            if chance.random() < 0.25 and _may_be_protected(type) and not required.touches(type):
                type.marks.append(rule(chance))
            for each in type.fields.values():
                if chance.random() < 0.16 and not required.knows(each) and _is_own(each):
                    each.marks.append(rule(chance))
    if chance.random() < 0.5:
        required.protect(rule(chance))
    _guard_leaves(set, chance, required)


def rule(chance: Random) -> str:
    """A directive."""
    match chance.randrange(8):
        case 0 | 1:
            return "@authenticated"
        case 2:
            return '@policy(policies: [["nobody-decides"]])'
        case _:
            alternatives = [
                chance.sample(SCOPES, chance.choice((1, 1, 2)))
                for _ in range(chance.choice((1, 2)))
            ]
            return f"@requiresScopes(scopes: {json.dumps(alternatives)})"


def somebody(chance: Random) -> frozenset[str] | None:
    """The scopes of a caller; None for one who is unknown."""
    if chance.random() < 0.2:
        return None
    return frozenset(each for each in SCOPES if chance.random() < 0.5)


class _Required:
    """What fields are computed from, by the names that any @requires mentions."""

    def __init__(self, set: SetDraft) -> None:
        self._fields = [
            each
            for subgraph in set.subgraphs
            for type in subgraph.types.values()
            if type.kind == "type"
            for each in type.fields.values()
        ]
        self._names = {
            word
            for each in self._fields
            for mark in each.marks
            if mark.startswith("@requires")
            for word in _WORD.findall(mark.partition(":")[2])
        }
        self._types = {each.target for each in self._fields if each.name in self._names}

    def knows(self, field: FieldDraft) -> bool:
        """Whether something is computed from a field of this name."""
        return field.name in self._names

    def touches(self, type: TypeDraft) -> bool:
        """Whether something is computed from a value of the type, or from a field of it."""
        return (
            type.name in self._types
            or not self._types.isdisjoint(type.interfaces)
            or any(self.knows(each) for each in type.fields.values())
        )

    def returns(self, name: str) -> bool:
        """Whether something is computed from a value of the type of this name."""
        return name in self._types

    def protect(self, mark: str) -> None:
        """Put one rule before all that is required, and before all that requires it."""
        for each in self._fields:
            if _is_own(each) and (self.knows(each) or each.requires):
                each.marks = [*(old for old in each.marks if not _is_rule(old)), mark]


def _guard_leaves(set: SetDraft, chance: Random, required: _Required) -> None:
    """An enum or a scalar that no argument takes."""
    for name in _LEAVES:
        taken = any(name in text for text in _arguments(set))
        if not taken and not required.returns(name) and chance.random() < 0.2:
            mark = rule(chance)
            for subgraph in set.subgraphs:
                if name in subgraph.others:
                    head = rf"^((?:enum|scalar) {name})"
                    text = re.sub(head, rf"\1 {mark}", subgraph.others[name])
                    subgraph.others[name] = text


def _arguments(set: SetDraft) -> Iterator[str]:
    for subgraph in set.subgraphs:
        if "Filter" in subgraph.others:
            yield subgraph.others["Filter"]
        for type in subgraph.types.values():
            yield from (each.arguments for each in type.fields.values())


def _may_be_protected(type: TypeDraft) -> bool:
    return type.name not in _ROOTS and "@interfaceObject" not in type.marks


def _is_own(field: FieldDraft) -> bool:
    return "@external" not in field.marks


def _is_rule(mark: str) -> bool:
    return mark.startswith(("@authenticated", "@requiresScopes", "@policy"))
