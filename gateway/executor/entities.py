"""Which objects an `_entities` field extends, and how they are named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

from gateway.executor.contexts import MISSING, objects_below, value_of
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.merge import Gaps, Tree, copied, merge, note_gaps, objects_at, type_of
from gateway.executor.variants import numbered
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Entities
from gateway.plan.representation import Representation, RequiredField, Requirement

#: Representations in one list: subgraphs may refuse longer ones.
_MOST: Final = 1000


#: Of an object and response keys, those that it may not be asked for.
Closed = Callable[[Tree, frozenset[str]], frozenset[str]]


class _Unnamed(Exception):
    """An object cannot be named: something is missing, perhaps because a request failed."""

    def __init__(self, reason: Failure | None = None) -> None:
        super().__init__()
        self.reason = reason


@dataclass(slots=True)
class Batch:
    """Objects that one `_entities` field asks for: equal representations are sent once.

    All stand below the same values of `contexts`, and get all fields but those `dropped`. Those
    for which that differs, or that are too many, are of another batch with another number.
    """

    entities: Entities
    gaps: Gaps
    number: int = 0
    contexts: Mapping[str, Any] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    representations: list[Tree] = field(default_factory=list)
    #: For each representation the objects it stands for, by the path they were found on.
    targets: list[list[tuple[int, Tree]]] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """The response key of the answers."""
        return numbered(self.entities.alias, self.number)

    @property
    def variables(self) -> dict[str, Any]:
        """The values of the variables that are this batch's own."""
        own = {self.entities.variable: self.representations, **self.contexts}
        return {numbered(name, self.number): value for name, value in own.items()}

    def takes(self, text: bytes) -> bool:
        """Whether a representation is among the others, or there is room for it."""
        return text in self._known or len(self._known) < _MOST

    def add(self, path: int, target: Tree, representation: Tree, text: bytes) -> None:
        """An object, found on this path, and how it is named: a tree and its JSON."""
        at = self._known.setdefault(text, len(self._known))
        if at == len(self.representations):
            self.representations.append(representation)
            self.targets.append([])
        self.targets[at].append((path, target))

    def merge(self, answers: Sequence[Any], *, apart: bool) -> None:
        """Bring each answer to all the objects it is about. Null says that there is none.

        Objects of one path grow alike and may share what they hold, unless it is kept `apart`.
        """
        for at, (answer, targets) in enumerate(zip(answers, self.targets, strict=True)):
            if isinstance(answer, Failure):
                self._explain(answer, at)
            if answer is None:
                self._explain(ABSENT, at)
            if answer.__class__ is not dict:
                continue
            first = targets[0][0]
            for n, (path, target) in enumerate(targets):
                # Further requests differ by path: there the same object may grow differently.
                is_same = n == 0 or (path == first and not apart)
                merge(target, answer if is_same else copied(answer), self.gaps)

    def fail(self, failure: Failure) -> None:
        """Say in all the objects why they do not get what was asked for them."""
        for at in range(len(self.targets)):
            self._explain(failure, at)

    def _explain(self, reason: object, at: int) -> None:
        for _, target in self.targets[at]:
            explain(target, self.entities.keys - self.dropped, reason, self.gaps)


def collect(
    entities: Entities, root: Tree, gaps: Gaps, closed: Closed | None = None
) -> list[Batch]:
    """What there is to extend, as far as it can be named, without what is `closed`.

    What cannot be had because a request failed says so in its place.
    """
    batches: list[Batch] = []
    current: dict[tuple[bytes, frozenset[str]], Batch] = {}
    for number, target, contexts in _targets(entities, root):
        try:
            values = _plain(contexts)
            representation, dropped = _named(target, entities, gaps)
            if closed is not None:
                dropped |= closed(target, entities.keys)
                if dropped >= entities.keys:
                    continue
            text = orjson.dumps(representation)
            batch = current.get((values, dropped))
            if batch is None or not batch.takes(text):
                batch = Batch(entities, gaps, len(batches), contexts, dropped)
                current[values, dropped] = batch
                batches.append(batch)
            batch.add(number, target, representation, text)
        except orjson.JSONEncodeError:  # nested too deep
            continue
        except _Unnamed as unnamed:
            if unnamed.reason is not None:
                explain(target, entities.keys, unnamed.reason, gaps)
    return batches


def explain(target: Tree, keys: frozenset[str], reason: object, gaps: Gaps) -> None:
    """Say in an object why it does not get what these response keys should bring."""
    for key in keys:
        why = reason.at(key) if isinstance(reason, Failure) else reason
        known = target.setdefault(key, why)
        if known is not why and isinstance(why, Failure):
            note_gaps(known, why, gaps)


def _targets(entities: Entities, root: Tree) -> Iterator[tuple[int, Tree, Mapping[str, Any]]]:
    """The objects, by the number of their path, and the values of their contexts."""
    for number, path in enumerate(entities.paths):
        if not entities.contexts:
            for target in objects_at(root, path):
                yield number, target, _NONE
            continue
        for target, passed in objects_below(root, path):
            yield (
                number,
                target,
                {each.variable: value_of(each, passed) for each in entities.contexts},
            )


_NONE: Mapping[str, Any] = {}


def _plain(contexts: Mapping[str, Any]) -> bytes:
    """By which values are compared. Raises `_Unnamed` when one could not be had."""
    if not contexts:
        return b""
    for value in contexts.values():
        if isinstance(value, Failure):
            raise _Unnamed(value.alone())
        if value is MISSING or value is ABSENT:
            raise _Unnamed
    return orjson.dumps(contexts)


def _named(target: Tree, entities: Entities, gaps: Gaps) -> tuple[Tree, frozenset[str]]:
    """An object's representation, and the response keys that it cannot get.

    Raises `_Unnamed` when it takes no part or cannot be named.
    """
    typename = type_of(target)
    for representation in entities.representations:
        if not representation.types or typename in representation.types:
            named: Tree = {TYPENAME: representation.typename or typename}
            try:
                _fill(named, target, representation.fields)
            except _Unnamed:
                return _reduced(target, representation, entities, gaps)
            return named, frozenset()
    raise _Unnamed


def _reduced(
    target: Tree, representation: Representation, entities: Entities, gaps: Gaps
) -> tuple[Tree, frozenset[str]]:
    """What can be named without what fields @require and nobody has.

    The fields that require it say why they are missing. Raises `_Unnamed` when no field is left.
    """
    named: Tree = {TYPENAME: representation.typename or type_of(target)}
    dropped: frozenset[str] = frozenset()
    for requirement in representation.fields:
        try:
            _fill(named, target, (requirement,))
        except _Unnamed as unnamed:
            keys = entities.dependent_on(requirement)
            if not keys:
                raise
            explain(target, keys, unnamed.reason or ABSENT, gaps)
            dropped |= keys
    if dropped >= entities.keys:
        raise _Unnamed
    return named, dropped


def _fill(named: Tree, source: Mapping[str, Any], requirements: Sequence[Requirement]) -> None:
    """Copy what is required. Raises `_Unnamed`."""
    for requirement in requirements:
        if not isinstance(requirement, RequiredField):
            if type_of(source) in requirement.types:
                _fill(named, source, requirement.selections)
            continue
        value = _required(source.get(requirement.source, MISSING), requirement)
        if value is None and not requirement.optional:
            raise _Unnamed
        named[requirement.name] = _together(named.get(requirement.name), value)


def _together(known: Any, value: Any) -> Any:
    """What several requirements want of one value."""
    if known.__class__ is dict and value.__class__ is dict:
        return {**known, **{key: _together(known.get(key), value[key]) for key in value}}
    if known.__class__ is list and value.__class__ is list:
        return [_together(*each) for each in zip(known, value, strict=True)]
    return value


def _required(value: Any, requirement: RequiredField) -> Any:
    if isinstance(value, Failure):
        raise _Unnamed(replace(value, beyond=(), also=()))
    if value is MISSING or value is ABSENT:
        raise _Unnamed
    if value.__class__ is list:
        return [_required(item, requirement) for item in value]
    if not requirement.selections or value is None:
        return value
    if value.__class__ is not dict:
        raise _Unnamed
    named: Tree = {}
    try:
        _fill(named, value, requirement.selections)
    except _Unnamed as unnamed:
        # What is lost with its neighbours is so in its own object only.
        raise _Unnamed(unnamed.reason and unnamed.reason.alone()) from unnamed
    return named
