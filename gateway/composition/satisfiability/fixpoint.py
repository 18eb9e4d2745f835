"""Facts that follow from one another, solved from nothing up (a least fixpoint)."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Fact = TypeVar("Fact", bound=Hashable)
Value = TypeVar("Value")


class LeastFixpoint(Generic[Fact, Value]):
    """A set for each fact, as small as the rule allows.

    `derive` says a fact's set from other facts' sets, which it learns from `of`. It must be
    monotone: more in theirs never means less in its own. Facts may depend on each other in a
    circle; what only a circle would justify is not in their sets.
    """

    def __init__(self, derive: Callable[[Fact], frozenset[Value]]) -> None:
        self._derive = derive
        self._sets: dict[Fact, frozenset[Value]] = {}
        self._readers: dict[Fact, set[Fact]] = defaultdict(set)
        self._pending: deque[Fact] = deque()
        self._queued: set[Fact] = set()
        self._deriving: Fact | None = None

    def of(self, fact: Fact) -> frozenset[Value]:
        """The fact's set; within `derive`, as far as it is known until now."""
        if fact not in self._sets:
            self._sets[fact] = frozenset()
            self._queue(fact)
        if self._deriving is not None:
            self._readers[fact].add(self._deriving)
        else:
            self._solve()
        return self._sets[fact]

    def _solve(self) -> None:
        while self._pending:
            fact = self._pending.popleft()
            self._queued.discard(fact)
            self._deriving = fact
            try:
                found = self._derive(fact)
            finally:
                self._deriving = None
            if found != self._sets[fact]:
                self._sets[fact] = found
                for reader in self._readers[fact]:
                    self._queue(reader)

    def _queue(self, fact: Fact) -> None:
        if fact not in self._queued:
            self._queued.add(fact)
            self._pending.append(fact)
