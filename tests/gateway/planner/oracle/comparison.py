"""Our plans beside Hive's: which costs less."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.errors import NoPlan
from gateway.plan.fetch import Plan
from gateway.plan.printer import requests, rounds
from tests.gateway.planner.oracle.corpus import Federation, Question
from tests.gateway.planner.oracle.hive import HiveAnswer, HivePlan, HiveRefusal, ask_hive


class Verdict(StrEnum):
    """How our plan compares."""

    EQUAL = "equal"
    ELSEWHERE = "as much, spread otherwise"
    FEWER = "fewer"
    REFUSED = "no plan in either"
    ONLY_OURS = "no plan in Hive"
    WORSE = "more"
    ONLY_HIVES = "no plan in ours"


@dataclass(frozen=True, slots=True)
class Cost:
    """The requests that each subgraph gets, and the rounds they take."""

    requests: Counter[str]
    rounds: int

    def __str__(self) -> str:
        asked = ", ".join(f"{name} {number}" for name, number in sorted(self.requests.items()))
        return f"{self.requests.total()} in {self.rounds} rounds ({asked})"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A question's plans; `plan` is None where we have none."""

    federation: Federation
    question: Question
    plan: Plan | None
    hive: HiveAnswer

    @property
    def ours(self) -> Cost | None:
        """What our plan costs."""
        if self.plan is None:
            return None
        return Cost(Counter(requests(self.plan)), len(rounds(self.plan)))

    @property
    def hives(self) -> Cost | None:
        """What Hive's plan costs."""
        match self.hive:
            case HivePlan(subgraphs, rounds):
                return Cost(Counter(subgraphs), rounds)
            case HiveRefusal():
                return None

    @property
    def verdict(self) -> Verdict:
        """How the two compare."""
        return judge(self.ours, self.hives)

    def __str__(self) -> str:
        where = f"{self.federation.name}: {self.question.name}"
        return f"{where}: ours {self.ours}, Hive's {self.hives}"


Comparisons = Mapping[str, tuple[Comparison, ...]]


def compare(federations: Iterable[Federation]) -> Comparisons:
    """Every question's plans, by federation."""
    every = list(federations)
    answers = ask_hive(every)
    return {
        federation.name: tuple(
            Comparison(
                federation,
                question,
                _plan(federation, question),
                answers[federation.name, question.name],
            )
            for question in federation.questions
        )
        for federation in every
    }


def judge(ours: Cost | None, hives: Cost | None) -> Verdict:
    """More requests are worse, and so are more rounds: one does not make up for the other."""
    match ours, hives:
        case None, None:
            return Verdict.REFUSED
        case None, _:
            return Verdict.ONLY_HIVES
        case _, None:
            return Verdict.ONLY_OURS
        case Cost() as one, Cost() as other:
            return _compared(one, other)


def _plan(federation: Federation, question: Question) -> Plan | None:
    try:
        return federation.plan(question)
    except NoPlan:
        return None


def _compared(ours: Cost, hives: Cost) -> Verdict:
    requests = ours.requests.total() - hives.requests.total()
    rounds = ours.rounds - hives.rounds
    if requests > 0 or rounds > 0:
        return Verdict.WORSE
    if requests < 0 or rounds < 0:
        return Verdict.FEWER
    return Verdict.EQUAL if ours.requests == hives.requests else Verdict.ELSEWHERE
