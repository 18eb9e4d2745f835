"""One operation over one set of subgraphs: what the gateway answers, and whether that is right."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from graphql import GraphQLOutputType, print_ast

from gateway.errors import DocumentError, LimitExceeded, NoPlan, RequestError
from gateway.executor.answer import MOST_ERRORS
from gateway.plan.printer import render
from tests.fuzz.comparison import Place, Wrong, wrong_denials, wrong_errors, wrong_losses
from tests.fuzz.federated import Answer, Federated
from tests.fuzz.guarded import Guarded
from tests.fuzz.operations import Asked
from tests.fuzz.rules import Rules
from tests.fuzz.shared_values import asks_shared_abstract_value
from tests.support.fake_subgraph import Misuse
from tests.support.universe import Denied, Universe


class Kind(StrEnum):
    """In which way an answer is wrong."""

    CRASH = "the gateway failed"
    MISUSE = "a subgraph was asked what it must not be asked"
    NO_PLAN = "no plan was found"
    DATA = "the data differs"
    ORDER = "the order of keys differs"
    ERRORS = "the errors differ"
    LOSS = "a lost request costs other than its own"
    DENIALS = "the errors of denied fields differ"
    LEAK = "a subgraph was asked for what is denied"


@dataclass(frozen=True, slots=True)
class Difference:
    """How an answer is wrong."""

    kind: Kind
    reason: str = ""
    #: In which way of its kind; a smaller case must go wrong in the same way.
    sort: str = ""
    ours: object = None
    expected: object = None

    @property
    def way(self) -> tuple[str, str]:
        """What all differences have in common that may have one cause."""
        return self.kind, self.sort


class Invalid(Exception):
    """The operation is not valid, or may have no plan, so there is nothing to compare."""


class Trial:
    """Runs operations over one universe. Without `trouble` nothing fails but what is lost."""

    def __init__(self, subgraphs: Mapping[str, str], *, trouble: bool) -> None:
        self.subgraphs = subgraphs
        self.trouble = trouble
        self.universe = Universe(subgraphs, trouble=trouble)
        self.rules = Rules(subgraphs, self.universe.schema)
        self._federated = Federated(self.universe)
        self._guarded = Guarded(self.universe) if self.rules else None
        self._joining = _key_fields(self.universe)

    @property
    def labels(self) -> list[str]:
        """The labels of progressive overrides."""
        declared = self.universe.declared.values()
        fields = [
            each for types in declared for type in types.values() for each in type.fields.values()
        ]
        return sorted({each.label for each in fields if each.label is not None})

    async def run(self, asked: Asked, faults: int | None = None) -> Difference | None:
        """Nothing if the answer is right. With `faults` requests are lost. Raises `Invalid`."""
        try:
            answer = await self._answered(asked, faults)
        except (DocumentError, LimitExceeded) as error:
            raise Invalid from error
        except NoPlan as error:
            universe = self.universe
            if asks_shared_abstract_value(asked.text, universe.api_schema, universe.declared):
                raise Invalid from error
            return Difference(Kind.NO_PLAN, str(error))
        except (Exception, BaseExceptionGroup) as error:
            return _crash(error)
        return self._lossy(asked, answer) if faults is not None else self._whole(asked, answer)

    async def _answered(self, asked: Asked, faults: int | None) -> Answer:
        if self._guarded is None:
            return await self._federated.answer(asked, faults)
        return await self._guarded.answer(replace(asked, labels=frozenset()))

    def plan(self, asked: Asked) -> str:
        """The plan in words, if there is one."""
        try:
            return render(self._federated.plan(asked))
        except RequestError as error:
            return f"none: {error}"

    def _whole(self, asked: Asked, answer: Answer) -> Difference | None:
        denies = self.rules.denies(asked.held)
        expected = self.universe.answer(asked.text, asked.variables, denies=denies)
        theirs = [tuple(each.path or ()) for each in expected.errors or ()]
        if not answer.errors and not theirs:
            return self._compared(answer, expected.data, [], {})
        types: dict[Place, GraphQLOutputType] = {}
        failing = self.universe.failures(asked.text, asked.variables, types, denies)
        denied = [place for place, error in failing.items() if isinstance(error, Denied)]
        forbidden = [place for place in denied if len(place) == 1]
        if asked.text.startswith("mutation") and forbidden:
            refused = self._compared(answer, None, forbidden, failing)
            return refused or self._leak(asked, answer)
        found = self._compared(answer, expected.data, theirs, failing)
        if found is not None or self._guarded is None or len(answer.errors) == MOST_ERRORS:
            return found
        wrong = list(wrong_denials(answer.errors, denied, types))
        shown = {"data": expected.data, "errors": theirs}
        return _difference(Kind.DENIALS, wrong, answer.shown(), shown) or self._leak(asked, answer)

    @staticmethod
    def _compared(
        answer: Answer,
        data: object,
        theirs: Sequence[Place],
        failing: Collection[Place],
    ) -> Difference | None:
        ours, one = answer.shown(), {"data": data, "errors": theirs}
        if answer.data != data:
            return Difference(Kind.DATA, ours=ours, expected=one)
        if json.dumps(answer.data) != json.dumps(data):
            return Difference(Kind.ORDER, ours=ours, expected=one)
        if len(answer.errors) == MOST_ERRORS:
            return None  # further ones are not told
        found = list(wrong_errors(data, _told(answer), theirs, failing))
        return _difference(Kind.ERRORS, found, ours, one)

    def _leak(self, asked: Asked, answer: Answer) -> Difference | None:
        """What is denied, and was asked though no key needs it."""
        assert self._guarded is not None
        denies = self.rules.denies(asked.held)
        leaked = sorted(
            f"{type}.{field}"
            for type, field in self._guarded.course.asked
            if denies(type, field) and field not in self._joining
        )
        return Difference(Kind.LEAK, ", ".join(leaked), ours=answer.shown()) if leaked else None

    def _lossy(self, asked: Asked, answer: Answer) -> Difference | None:
        types: dict[Place, GraphQLOutputType] = {}
        expected = self.universe.answer(asked.text, asked.variables, types)
        if expected.errors or len(answer.errors) == MOST_ERRORS:
            return None  # losses are looked at where nothing else fails, and all are told
        found = list(wrong_losses(answer.data, _told(answer), expected.data, types))
        return _difference(Kind.LOSS, found, answer.shown(), {"data": expected.data})


def _key_fields(universe: Universe) -> set[str]:
    """The names of all fields that keys are made of."""
    keys = (
        key for types in universe.declared.values() for each in types.values() for key in each.keys
    )
    texts = (print_ast(node) for key in keys for node in key.fields)
    return {name for text in texts for name in re.findall(r"\w+", text)}


def _told(answer: Answer) -> list[Place]:
    """An error without a path is told of the whole answer."""
    return [tuple(each.get("path") or ()) for each in answer.errors]


def _difference(
    kind: Kind, found: list[Wrong], ours: object, expected: object
) -> Difference | None:
    if not found:
        return None
    return Difference(kind, "; ".join(map(str, found)), found[0].what, ours, expected)


def _crash(error: BaseException) -> Difference:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, Misuse):
        return Difference(Kind.MISUSE, str(error), error.sort)
    return Difference(Kind.CRASH, f"{type(error).__name__}: {error}", type(error).__name__)
