"""Solutions to steps: which request asks for what, and which must come first."""

from collections.abc import Iterator, Sequence

from graphql import OperationType

from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Selection
from gateway.operation.normalise import TYPENAME
from gateway.plan.representation import RequiredField, RequiredOfType, Requirement
from gateway.planner.draft import Node, Position, Spot, Step
from gateway.planner.solution import Hop, Need, Solution


class Builder:
    """Writes the steps of one operation. Its client's own response keys are in `spot`."""

    def __init__(self, graph: QueryGraph, spot: Spot) -> None:
        self.steps: list[Step] = []
        self._graph = graph
        self._root = Position(spot, ())

    def query(self, solution: Solution, kind: OperationType) -> None:
        """All root fields at once, one step for each subgraph."""
        for hop in solution.hops:
            self._place_root(hop, self._new_root(hop.entry, kind))

    def mutation(self, hops: Sequence[Hop]) -> None:
        """Root fields one after the other; neighbours of one subgraph share a step."""
        last: Step | None = None
        for hop in hops:
            if last is None or last.subgraph != hop.entry.subgraph:
                before = {step.id for step in self.steps}
                last = self._new_root(hop.entry, OperationType.MUTATION)
                last.depends_on |= before
            self._place_root(hop, last)

    def _place_root(self, hop: Hop, step: Step) -> None:
        place = Place(hop.entry.subgraph, hop.entry.type)
        self._write(hop.inner, place, step, step.node, self._root, internal=False)

    def _new_root(self, entry: Entry, kind: OperationType) -> Step:
        step = Step(len(self.steps), entry.subgraph, kind, Node(entry.type))
        self.steps.append(step)
        return step

    def _write(
        self,
        solution: Solution,
        place: Place,
        step: Step,
        node: Node,
        position: Position,
        *,
        internal: bool,
    ) -> set[int]:
        """Write what a solution asks of the object at `position`; the steps that answer it.

        `internal` selections are the planner's own and may be found under another key.
        """
        steps = set()
        if self._graph.is_abstract(place):
            node.ask_typename()
        for routed in solution.local:
            steps.add(step.id)
            wanted = routed.field
            key = position.spot.key_of(wanted) if internal else wanted.key
            if routed.below is None:
                node.ask(key, wanted, None)
                continue
            below = self._graph.below(place, wanted.name)
            child = node.ask(key, wanted, below.type)
            assert child is not None  # it has selections
            there = position.below(key, wanted)
            steps |= self._write(routed.below, below, step, child, there, internal=internal)
        for type, case in solution.cases:
            at = self._graph.case(place, type)
            inner, there = node.case(type), position.case(type)
            steps |= self._write(case, at, step, inner, there, internal=internal)
        for hop in solution.hops:
            steps |= self._write_hop(hop, place, step, node, position, internal=internal)
        return steps

    def _write_hop(
        self,
        hop: Hop,
        place: Place,
        step: Step,
        node: Node,
        position: Position,
        *,
        internal: bool,
    ) -> set[int]:
        before = {step.id}
        requirements: list[Requirement] = []
        for need in hop.needs:
            before |= self._write(need.solution, place, step, node, position, internal=True)
            requirements.extend(self._required(need, position.spot))
        knows_type = not self._graph.type(place).interface_object
        if knows_type:
            node.ask_typename()
        runtime_type = place.type if knows_type else None
        scope = runtime_type if hop.entry.typename is not None else None
        target = self._step_at(position, hop.entry, scope, before)
        known = target.representations.setdefault((runtime_type, hop.entry.typename), [])
        known.extend(each for each in requirements if each not in known)
        there = Place(hop.entry.subgraph, hop.entry.type)
        inner = target.node.case(hop.entry.type)
        return self._write(hop.inner, there, target, inner, position, internal=internal)

    def _step_at(
        self, position: Position, entry: Entry, scope: str | None, before: set[int]
    ) -> Step:
        """The step of this subgraph for this object, unless that would have to wait for itself."""
        steps = position.spot.steps.setdefault(position.path, [])
        for step in steps:
            alike = step.subgraph == entry.subgraph and step.scope == scope
            if alike and step.id not in self._ancestors(before):
                step.depends_on |= before
                return step
        step = Step(
            id=len(self.steps),
            subgraph=entry.subgraph,
            kind=OperationType.QUERY,
            node=Node("_Entity" if entry.key else entry.type),
            path=position.path,
            is_root=not entry.key,
            scope=scope,
            depends_on=set(before),
        )
        steps.append(step)
        self.steps.append(step)
        return step

    def _ancestors(self, ids: set[int]) -> set[int]:
        """These steps and all that they wait for."""
        found: set[int] = set()
        left = list(ids)
        while left:
            id = left.pop()
            if id not in found:
                found.add(id)
                left.extend(self.steps[id].depends_on)
        return found

    def _required(self, need: Need, spot: Spot) -> tuple[Requirement, ...]:
        return tuple(self._requirements(need.selections, spot, optional=need.optional))

    def _requirements(
        self, selections: Sequence[Selection], spot: Spot, *, optional: bool
    ) -> Iterator[Requirement]:
        for selection in selections:
            if isinstance(selection, Field):
                yield self._required_field(selection, spot, optional=optional)
            else:
                inner = tuple(self._requirements(selection.selections, spot, optional=optional))
                yield RequiredOfType(frozenset({selection.type}), inner)

    def _required_field(self, wanted: Field, spot: Spot, *, optional: bool) -> RequiredField:
        key = spot.key_of(wanted)
        below = spot.below(key, wanted)
        inner = tuple(self._requirements(wanted.selections, below, optional=optional))
        if inner and not self._graph.is_object(wanted.type):
            # Only the type tells the subgraph what the required object is.
            inner = (RequiredField(TYPENAME, TYPENAME, optional=True), *inner)
        return RequiredField(wanted.name, key, optional, inner)
