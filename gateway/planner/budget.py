"""How much planning one operation may take."""

import time
from dataclasses import dataclass
from typing import Final

from gateway.errors import PlanTooComplex
from gateway.operation.normalise import MOST_FIELDS

_REFUSED: Final = "This operation has too many ways to be answered: ask for less."


@dataclass(frozen=True, slots=True)
class Budget:
    """Past any of these an operation is refused, or the best plan so far is taken.

    `fields` are those of the operation once fragments are unfolded for every type they can meet;
    `steps` are the search's, of which a large page takes two hundred; so many `plans` are
    compared; `milliseconds` end what a starved machine would draw out.
    """

    fields: int = MOST_FIELDS
    steps: int = 2_500
    plans: int = 8
    milliseconds: int = 1_000


class Spending:
    """What is left of a budget while one operation is planned."""

    def __init__(self, budget: Budget) -> None:
        self._steps = budget.steps
        self._plans = budget.plans
        self._end = time.monotonic() + budget.milliseconds / 1000

    def step(self) -> None:
        """One step of the search. Raises `PlanTooComplex`."""
        self._steps -= 1
        if self._steps < 0 or time.monotonic() > self._end:
            raise PlanTooComplex(_REFUSED)

    def plan(self) -> bool:
        """Whether one plan more may be tried."""
        self._plans -= 1
        return self._plans >= 0
