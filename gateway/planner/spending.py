"""What planning one operation may still cost."""

import time
from typing import Final

from gateway.errors import PlanTooComplex
from gateway.operation.budget import Budget

_REFUSED: Final = "This operation has too many ways to be answered: ask for less."


class Spending:
    """Counts down from a budget, for all plans of the operation that are tried."""

    def __init__(self, budget: Budget) -> None:
        self._steps = budget.steps
        self._plans = budget.plans
        # Of this thread's own time: other work on a busy machine refuses nobody.
        self._end = time.thread_time() + budget.milliseconds / 1000

    def step(self) -> None:
        """One step of the search. Raises `PlanTooComplex`."""
        self._steps -= 1
        if self._steps < 0 or time.thread_time() > self._end:
            raise PlanTooComplex(_REFUSED)

    def plan(self) -> bool:
        """Whether one plan more may be tried."""
        self._plans -= 1
        return self._plans >= 0
