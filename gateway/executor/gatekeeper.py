"""Policies at work: each object is asked about as soon as its key is known."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from gateway.authorization.decisions import Decisions
from gateway.authorization.denial import Denial
from gateway.authorization.gates import Gate, own_key
from gateway.authorization.judgement import Values, denial_by
from gateway.authorization.policies import Question
from gateway.executor.contexts import MISSING
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.merge import Tree, type_of
from gateway.operation.model import Field, Selection
from gateway.operation.selections import of_type
from gateway.plan.fetch import Entities, Fetch
from gateway.plan.path import Key

#: Stands where a policy has denied a value: nothing further is fetched for it.
_TAKEN: Final = Failure("You may not see this field.", "FORBIDDEN_FIELD", "")

#: What was said of an object's response key, by the object's identity. None: it is permitted.
Verdicts = dict[tuple[int, str], Denial | None]


class Gatekeeper:
    """The gates of one operation on its way."""

    def __init__(self, gates: Sequence[Gate], decisions: Decisions, values: Values) -> None:
        self._gates = gates
        self._decisions = decisions
        self._values = values
        self.verdicts: Verdicts = {}
        # An object that is gone must not lend its verdicts to one that gets its identity.
        self._judged: list[Tree] = []

    async def before(self, fetch: Fetch, root: Tree) -> None:
        """Decide what a request for entities would bring, as far as their keys are known."""
        asked = [gate for each in fetch.entities for gate in self._brought_by(each)]
        if asked:
            await self._decide(asked, root)

    async def after(self, root: Tree) -> None:
        """Decide what has come, and take away what is denied."""
        await self._decide(self._gates, root)

    def closed(self, target: Tree, keys: frozenset[str]) -> frozenset[str]:
        """Of these response keys, those that are denied to the object."""
        if not self.verdicts:
            return frozenset()
        return frozenset(key for key in keys if self.verdicts.get((id(target), key)) is not None)

    def _brought_by(self, entities: Entities) -> Iterator[Gate]:
        paths = {
            tuple(each.name for each in path if isinstance(each, Key)) for path in entities.paths
        }
        return (gate for gate in self._gates if gate.path in paths and gate.key in entities.keys)

    async def _decide(self, gates: Iterable[Gate], root: Tree) -> None:
        asked = [
            (gate, target, question)
            for gate in gates
            for target, question in self._questions(gate, root)
        ]
        await self._decisions.ask(
            (name, question)
            for gate, _, question in asked
            for rule in gate.pending
            for name in rule.names
        )
        for gate, target, question in asked:
            self._judged.append(target)
            denial = denial_by(gate.pending, question, self._decisions)
            self.verdicts[id(target), gate.key] = denial
        self._take_away(gates, root)

    def _take_away(self, gates: Iterable[Gate], root: Tree) -> None:
        """What was denied before may have come again with another answer."""
        for gate in gates:
            for target in _objects(root, gate):
                if self.verdicts.get((id(target), gate.key)) is not None:
                    target[gate.key] = _TAKEN

    def _questions(self, gate: Gate, root: Tree) -> Iterator[tuple[Tree, Question]]:
        arguments = self._values.arguments(gate.type, gate.field, gate.arguments)
        if arguments is None:
            return
        for target in _objects(root, gate):
            if (id(target), gate.key) in self.verdicts:
                continue
            keys = {own_key(each): _value(target, each) for each in gate.keys}
            if not any(_is_unknown(value) for value in keys.values()):
                yield target, Question(gate.type, gate.field, keys, arguments)


def _objects(root: Tree, gate: Gate) -> Iterator[Tree]:
    found: list[Any] = [root]
    for key in gate.path:
        found = [each for value in found for each in _flat(value.get(key))]
    return (each for each in found if not gate.by_type or type_of(each) == gate.type)


def _flat(value: Any) -> Iterator[Tree]:
    if value.__class__ is dict:
        yield value
    elif value.__class__ is list:
        for each in value:
            yield from _flat(each)


def _value(target: Tree, field: Field) -> Any:
    """What the object has of its key, `MISSING` when it lacks any of it."""
    value = target.get(field.key, MISSING)
    return _selected(value, field.selections) if field.selections else value


def _selected(value: Any, selections: Sequence[Selection]) -> Any:
    if value.__class__ is list:
        found = [_selected(each, selections) for each in value]
        return MISSING if any(map(_is_unknown, found)) else found
    if value.__class__ is not dict:
        return MISSING
    fields = of_type(selections, type_of(value) or "")
    values = {each.key: _value(value, each) for each in fields}
    return MISSING if any(map(_is_unknown, values.values())) else values


def _is_unknown(value: Any) -> bool:
    return value is None or value is MISSING or value is ABSENT or isinstance(value, Failure)
