"""Solutions to steps: which request asks for what, and which must come first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphql import OperationType

from gateway.graph.model import Entry, Place
from gateway.graph.query_graph import QueryGraph
from gateway.operation.model import Field, Selection
from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Origin
from gateway.plan.path import INTERNAL_PREFIX
from gateway.plan.representation import RequiredField, RequiredOfType, Requirement
from gateway.planner.draft import Naming, Node, Position, Spot, Step, Supplied
from gateway.planner.solution import Given, Hop, Need, Routed, Solution

_TYPE: Final = Field("", TYPENAME, TYPENAME, "String", 0)


@dataclass(frozen=True, slots=True)
class _Frame:
    """An object while it is written: who answers it, by which step, where.

    `part` is what of the answer its fields belong to, `above` what holds it, from the root; each
    as it was first found, before any hop. `internal` selections are the planner's own and may
    be found under another key.
    """

    place: Place
    step: Step
    node: Node
    position: Position
    part: int
    above: tuple["_Frame", ...]
    found: "_Frame | None" = None
    internal: bool = False

    @property
    def origin(self) -> "_Frame":
        """The object as it was first found."""
        return self.found or self

    def needing(self) -> "_Frame":
        """For what the planner itself wants of the object."""
        return replace(self, internal=True)


class Builder:
    """Writes the steps of one operation. Its client's own response keys are in `spot`."""

    def __init__(self, graph: QueryGraph, spot: Spot) -> None:
        self.steps: list[Step] = []
        self._graph = graph
        self._root = Position(spot, ())

    def query(self, solution: Solution, kind: OperationType) -> None:
        """All root fields at once, one step for each subgraph."""
        for part, inner in ((0, solution), *solution.parts):
            for hop in inner.hops:
                self._place_root(hop, self._new_root(hop.entry, kind, part))

    def mutation(self, hops: Sequence[Hop]) -> None:
        """Root fields one after the other, each with what is asked below it (GraphQL 6.3.1).

        Neighbours of one subgraph share a step as long as nothing else must be asked between.
        """
        last: Step | None = None
        for hop in hops:
            if last is None or last is not self.steps[-1] or last.subgraph != hop.entry.subgraph:
                before = {step.id for step in self.steps}
                last = self._new_root(hop.entry, OperationType.MUTATION, 0)
                last.depends_on, last.round = before, self._round_after(before)
            self._place_root(hop, last)

    def _place_root(self, hop: Hop, step: Step) -> None:
        place = Place(hop.entry.subgraph, hop.entry.type)
        self._write(hop.inner, _Frame(place, step, step.node, self._root, step.part, ()))

    def _new_root(self, entry: Entry, kind: OperationType, part: int) -> Step:
        step = Step(len(self.steps), entry.subgraph, kind, Node(entry.type), part=part)
        self.steps.append(step)
        return step

    def _write(self, solution: Solution, frame: _Frame) -> set[int]:
        """Write what a solution asks of an object; the steps that answer it."""
        steps = set()
        if self._graph.is_abstract(frame.place):
            frame.node.ask_typename()
        for routed in solution.local:
            steps |= self._write_field(routed, frame)
        for type, case in solution.cases:
            steps |= self._write(
                case,
                replace(
                    frame,
                    place=self._graph.case(frame.place, type),
                    node=frame.node.case(type),
                    position=frame.position.case(type),
                    found=None,
                ),
            )
        for hop in solution.hops:
            steps |= self._write_hop(hop, frame)
        for part, later in solution.parts:
            steps |= self._write(later, replace(frame, part=part))
        if self._graph.type(frame.place).interface_object and not frame.node.fields:
            # Asked for nothing it would tell a type, which is not the object's.
            frame.node.ask(f"{INTERNAL_PREFIX}type", _TYPE, None)
        return steps

    def _write_field(self, routed: Routed, frame: _Frame) -> set[int]:
        wanted, spot = routed.field, frame.position.spot
        key = spot.key_of(wanted) if frame.internal else wanted.key
        sent = _with_arguments(wanted, frame.step.supply(routed.given))
        if routed.below is None:
            frame.node.ask(key, sent, None)
            return {frame.step.id}
        place = self._graph.below(frame.place, wanted.name)
        node = frame.node.ask(key, sent, place.type)
        assert node is not None  # it has selections
        if self._graph.is_narrower(place, wanted.type):
            node.ask_typename()
        below = replace(
            frame,
            place=place,
            node=node,
            position=frame.position.below(key, wanted),
            above=(*frame.above, frame.origin),
            found=None,
        )
        return {frame.step.id} | self._write(routed.below, below)

    def _write_hop(self, hop: Hop, frame: _Frame) -> set[int]:
        before = {frame.step.id}
        requirements: list[Requirement] = []
        for need in hop.needs:
            before |= self._write(need.solution, frame.needing())
            requirements.extend(self._required(need, frame.position.spot))
        supplied = [self._supplied(each, frame) for each in hop.given]
        before = before.union(*(steps for _, steps in supplied))
        knows_type = not self._graph.type(frame.place).interface_object
        if knows_type:
            frame.node.ask_typename()
        type = frame.place.type if knows_type else None
        naming = Naming(type, hop.entry.typename, tuple(requirements))
        target = self._step_at(frame, hop.entry, naming, before)
        target.supplied.update((each.given, each) for each, _ in supplied)
        target.require(naming, self._keys(hop, frame))
        place = Place(hop.entry.subgraph, hop.entry.type)
        there = replace(
            frame,
            place=place,
            step=target,
            node=target.node.case(hop.entry.type),
            found=None if self._graph.is_abstract(place) else frame.origin,
        )
        return self._write(hop.inner, there)

    def _keys(self, hop: Hop, frame: _Frame) -> frozenset[str]:
        """The response keys that a hop brings."""
        spot, fields = frame.position.spot, [routed.field for routed in hop.inner.local]
        return frozenset(spot.key_of(each) if frame.internal else each.key for each in fields)

    def _supplied(self, given: Given, frame: _Frame) -> tuple[Supplied, set[int]]:
        """Write what is wanted of the objects above; the steps that answer it."""
        steps: set[int] = set()
        origins = []
        for source in given.sources:
            above = frame.above[source.level]
            steps |= self._write(source.need.solution, above.needing())
            fields = self._required(source.need, above.position.spot)
            origins.append(Origin(len(above.position.path), source.types, fields))
        return Supplied(given, tuple(origins)), steps

    def _step_at(self, frame: _Frame, entry: Entry, naming: Naming, before: set[int]) -> Step:
        """The step of this subgraph for this object.

        Another one if the one that is there would have to wait longer or for itself, or names
        the object in a way that cannot be brought together with this one.
        """
        path = frame.position.path
        scope = naming.type if entry.typename is not None else None
        wanted = (entry.subgraph, scope, frame.part)
        steps = frame.position.spot.steps.setdefault(path, [])
        for step in steps:
            alike = (step.subgraph, step.scope, step.part) == wanted and step.agrees(naming)
            if alike and self._round_after(before) <= step.round:
                step.depends_on |= before
                return step
        step = Step(
            id=len(self.steps),
            subgraph=entry.subgraph,
            kind=OperationType.QUERY,
            node=Node("_Entity" if entry.key else entry.type),
            path=path,
            spot=frame.position.spot,
            round=self._round_after(before),
            is_root=not entry.key,
            scope=scope,
            part=frame.part,
            depends_on=set(before),
        )
        steps.append(step)
        self.steps.append(step)
        return step

    def _round_after(self, before: set[int]) -> int:
        """The first round in which all these steps are answered."""
        return 1 + max((self.steps[id].round for id in before), default=-1)

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


def _with_arguments(wanted: Field, variables: dict[str, str]) -> Field:
    """The field with arguments that the gateway gives, as variables."""
    if not variables:
        return wanted
    parts = [wanted.arguments.text[1:-1]] if wanted.arguments.text else []
    parts += [f"{name}:${variable}" for name, variable in variables.items()]
    return replace(wanted, arguments=replace(wanted.arguments, text=f"({','.join(parts)})"))
