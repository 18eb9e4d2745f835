"""How selections can be answered: the search's result, from which the fetches are built."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from gateway.graph.model import Entry
from gateway.operation.model import Field, Selection
from gateway.supergraph.model import ContextArgument


@dataclass(frozen=True, slots=True)
class Cost:
    """What answering costs beyond the request at hand.

    `requests` are (round, subgraph): what goes to one subgraph in one round is one request.
    `rounds` of requests follow, `size` counts fields.
    """

    requests: frozenset[tuple[int, str]] = frozenset()
    rounds: int = 0
    size: int = 0

    @property
    def weight(self) -> tuple[int, int, int]:
        """By which costs are compared: requests first, then waiting, then fields."""
        return len(self.requests), self.rounds, self.size

    def later(self, rounds: int) -> "Cost":
        """The same, so many rounds later."""
        moved = frozenset((round + rounds, subgraph) for round, subgraph in self.requests)
        return Cost(moved, self.rounds + rounds, self.size)


def total(costs: Iterable[Cost]) -> Cost:
    """All of them, sharing requests."""
    every = list(costs)
    return Cost(
        frozenset[tuple[int, str]]().union(*(cost.requests for cost in every)),
        max((cost.rounds for cost in every), default=0),
        sum(cost.size for cost in every),
    )


@dataclass(frozen=True, slots=True)
class Routed:
    """A field that a place answers, and how what is below it is answered.

    `given` are the arguments that the client does not give.
    """

    field: Field
    below: "Solution | None" = None
    given: tuple["Given", ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What must be known of an object before a hop: its key, or what a field @requires."""

    selections: tuple[Selection, ...]
    solution: "Solution"
    optional: bool


@dataclass(frozen=True, slots=True)
class Source:
    """An object further up that sets a context: what of it is wanted.

    `level` counts from the root, which is 0. Only objects of these `types` set the context;
    no types are all of them, and then it `covers` the argument.
    """

    level: int
    types: frozenset[str]
    need: Need
    covers: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An argument from a context, and who may set it: the nearest first."""

    argument: ContextArgument
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """A move of the same object into another subgraph."""

    entry: Entry
    needs: tuple[Need, ...]
    inner: "Solution"

    @property
    def given(self) -> Iterator[Given]:
        """The arguments of its fields that the client does not give."""
        return (each for routed in self.inner.local for each in routed.given)


@dataclass(frozen=True, slots=True)
class Solution:
    """How the selections of one object are answered.

    `local` by the request that answers the object, `cases` so for one runtime type, `hops` by
    further requests; `parts` later, by the number of the part. `missing` are the selections
    that nobody can answer from here.
    """

    type: str
    local: tuple[Routed, ...] = ()
    cases: tuple[tuple[str, "Solution"], ...] = ()
    hops: tuple[Hop, ...] = ()
    parts: tuple[tuple[int, "Solution"], ...] = ()
    missing: tuple[Selection, ...] = ()
    cost: Cost = field(default_factory=Cost)

    def with_parts(self, parts: Mapping[int, "Solution"]) -> "Solution":
        """With what is answered later."""
        if not parts:
            return self
        return replace(
            self,
            parts=tuple(parts.items()),
            missing=self.missing + tuple(each for part in parts.values() for each in part.missing),
            cost=total([self.cost, *(part.cost for part in parts.values())]),
        )
