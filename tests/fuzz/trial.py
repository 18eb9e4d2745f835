"""One operation over one set of subgraphs: what the gateway answers, and whether that is right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graphql import GraphQLOutputType

from gateway.errors import DocumentError, LimitExceeded, NoPlan, RequestError
from gateway.executor.projection import MOST_ERRORS
from gateway.plan.printer import render
from tests.fuzz.comparison import Place, Wrong, wrong_errors, wrong_losses
from tests.fuzz.federated import Answer, Federated
from tests.fuzz.operations import Asked
from tests.fuzz.shared_values import asks_shared_abstract_value
from tests.support.fake_subgraph import Misuse
from tests.support.universe import Universe


class Kind(StrEnum):
    """In which way an answer is wrong."""

    CRASH = "the gateway failed"
    MISUSE = "a subgraph was asked what it must not be asked"
    NO_PLAN = "no plan was found"
    DATA = "the data differs"
    ORDER = "the order of keys differs"
    ERRORS = "the errors differ"
    LOSS = "a lost request costs other than its own"


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
        self._federated = Federated(self.universe)

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
            answer = await self._federated.answer(asked, faults)
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

    def plan(self, asked: Asked) -> str:
        """The plan in words, if there is one."""
        try:
            return render(self._federated.plan(asked))
        except RequestError as error:
            return f"none: {error}"

    def _whole(self, asked: Asked, answer: Answer) -> Difference | None:
        expected = self.universe.answer(asked.text, asked.variables)
        theirs = [tuple(each.path or ()) for each in expected.errors or ()]
        ours, one = answer.shown(), {"data": expected.data, "errors": theirs}
        if answer.data != expected.data:
            return Difference(Kind.DATA, ours=ours, expected=one)
        if json.dumps(answer.data) != json.dumps(expected.data):
            return Difference(Kind.ORDER, ours=ours, expected=one)
        if not answer.errors and not theirs:
            return None
        failing = self.universe.failures(asked.text, asked.variables)
        found = list(wrong_errors(answer.data, _told(answer), theirs, failing))
        return _difference(Kind.ERRORS, found, ours, one)

    def _lossy(self, asked: Asked, answer: Answer) -> Difference | None:
        types: dict[Place, GraphQLOutputType] = {}
        expected = self.universe.answer(asked.text, asked.variables, types)
        if expected.errors or len(answer.errors) == MOST_ERRORS:
            return None  # losses are looked at where nothing else fails, and all are told
        found = list(wrong_losses(answer.data, _told(answer), expected.data, types))
        return _difference(Kind.LOSS, found, answer.shown(), {"data": expected.data})


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
