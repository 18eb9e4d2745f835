"""How the search came to an object."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from gateway.graph.model import Place
from gateway.operation.model import Field

#: An entry by key, as (subgraph, type), or a field with @requires, as (subgraph, type, field).
Mark = tuple[str, ...]

_NOTHING: Final = frozenset[Mark]()


@dataclass(frozen=True, slots=True)
class Trail:
    """What matters of the way to an object.

    `excluded` is being searched for already. `part` is what of the answer the object belongs to.
    `above` are the places of the objects that hold it, from the root; noted only where there
    are contexts (@context), which alone look up. `internal` is what the planner itself needs,
    `wanted` the fields of this object among that: no way to them leads through themselves.
    """

    excluded: frozenset[Mark] = _NOTHING
    part: int = 0
    above: tuple[Place, ...] = ()
    internal: bool = False
    wanted: frozenset[str] = frozenset()

    def without(self, mark: Mark, wanted: Iterable[str] = ()) -> "Trail":
        """For what the planner needs: the same, with one thing more excluded."""
        return replace(
            self,
            excluded=self.excluded | {mark},
            internal=True,
            wanted=self.wanted.union(wanted),
        )

    def afresh(self) -> "Trail":
        """The same, with nothing excluded."""
        return replace(self, excluded=_NOTHING)

    def below(self, place: Place, field: Field, *, tracked: bool) -> "Trail":
        """On to what the field of the object at `place` holds."""
        above = (*self.above, place) if tracked else ()
        part = field.part or self.part
        if part == self.part and not tracked and not self.wanted:
            return self
        return replace(self, part=part, above=above, wanted=frozenset())

    def up_to(self, level: int) -> "Trail":
        """Back to the object at this level."""
        return replace(self, above=self.above[:level], wanted=frozenset())
