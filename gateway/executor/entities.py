"""Which objects an `_entities` field extends, and how they are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

from gateway.executor.failure import ABSENT, Failure
from gateway.executor.merge import Gaps, Tree, copied, merge, note_gaps, objects_at, type_of
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Entities
from gateway.plan.representation import Representation, RequiredField, Requirement

_MISSING: Final = object()


class _Unnamed(Exception):
    """An object cannot be named: something is missing, perhaps because a request failed."""

    def __init__(self, reason: Failure | None = None) -> None:
        super().__init__()
        self.reason = reason


@dataclass(slots=True)
class Batch:
    """The objects of one `_entities` field: equal representations are sent once."""

    entities: Entities
    gaps: Gaps
    representations: list[Tree] = field(default_factory=list)
    #: For each representation the objects it stands for, by the path they were found on.
    targets: list[list[tuple[int, Tree]]] = field(default_factory=list)

    @classmethod
    def collect(cls, entities: Entities, root: Tree, gaps: Gaps) -> "Batch":
        """What there is to extend, as far as it can be named.

        What cannot be named because a request failed says so in its place.
        """
        batch = cls(entities, gaps)
        known: dict[bytes, int] = {}
        for number, path in enumerate(entities.paths):
            for target in objects_at(root, path):
                try:
                    representation = _named(target, entities.representations)
                    batch._add(known, number, target, representation)
                except _Unnamed as unnamed:
                    if unnamed.reason is not None:
                        batch._explain(target, unnamed.reason)
        return batch

    def _add(self, known: dict[bytes, int], path: int, target: Tree, representation: Tree) -> None:
        try:
            text = orjson.dumps(representation)
        except orjson.JSONEncodeError as error:  # nested too deep
            raise _Unnamed from error
        at = known.setdefault(text, len(known))
        if at == len(self.representations):
            self.representations.append(representation)
            self.targets.append([])
        self.targets[at].append((path, target))

    def merge(self, answers: Sequence[Any]) -> None:
        """Bring each answer to all the objects it is about. Null says that there is none."""
        for at, (answer, targets) in enumerate(zip(answers, self.targets, strict=True)):
            if isinstance(answer, Failure):
                self._explain_all(replace(answer, beyond=()), at)
            if answer is None:
                self._explain_all(ABSENT, at)
            if answer.__class__ is not dict:
                continue
            first = targets[0][0]
            for path, target in targets:
                # Further requests differ by path: there the same object may grow differently.
                merge(target, answer if path == first else copied(answer), self.gaps)

    def fail(self, failure: Failure) -> None:
        """Say in all the objects why they do not get what was asked for them."""
        for at in range(len(self.targets)):
            self._explain_all(failure, at)

    def _explain_all(self, reason: object, at: int) -> None:
        for _, target in self.targets[at]:
            self._explain(target, reason)

    def _explain(self, target: Tree, reason: object) -> None:
        for key in self.entities.keys:
            known = target.setdefault(key, reason)
            if known is not reason and isinstance(reason, Failure):
                note_gaps(known, reason, self.gaps)


def _named(target: Tree, representations: Sequence[Representation]) -> Tree:
    """An object's representation. Raises `_Unnamed` when it takes no part or cannot be named."""
    typename = type_of(target)
    for representation in representations:
        if not representation.types or typename in representation.types:
            named: Tree = {TYPENAME: representation.typename or typename}
            _fill(named, target, representation.fields)
            return named
    raise _Unnamed


def _fill(named: Tree, source: Mapping[str, Any], requirements: Sequence[Requirement]) -> None:
    """Copy what is required. Raises `_Unnamed`."""
    for requirement in requirements:
        if not isinstance(requirement, RequiredField):
            if type_of(source) in requirement.types:
                _fill(named, source, requirement.selections)
            continue
        value = _required(source.get(requirement.source, _MISSING), requirement)
        if value is None and not requirement.optional:
            raise _Unnamed
        known = named.get(requirement.name)
        if known.__class__ is dict and value.__class__ is dict:
            value = {**known, **value}
        named[requirement.name] = value


def _required(value: Any, requirement: RequiredField) -> Any:
    if isinstance(value, Failure):
        raise _Unnamed(replace(value, beyond=()))
    if value is _MISSING or value is ABSENT:
        raise _Unnamed
    if value.__class__ is list:
        return [_required(item, requirement) for item in value]
    if not requirement.selections or value is None:
        return value
    if value.__class__ is not dict:
        raise _Unnamed
    named: Tree = {}
    _fill(named, value, requirement.selections)
    return named
