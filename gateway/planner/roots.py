"""Root fields that several subgraphs answer are asked of all of them at once.

What a root field's object lacks in one subgraph may be fetched by its key from another; where
that one has the same root field, asking it from the start saves waiting. Lists are left alone:
nobody promises that two subgraphs list their elements in the same order.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from gateway.graph.model import Entry
from gateway.operation.model import Field
from gateway.operation.selections import without
from gateway.planner.solution import Hop, Routed, Solution

#: A root field, with other selections, in another subgraph; None when that cannot answer it.
Ask = Callable[[Entry, Field], Routed | None]


def spread(solution: Solution, ask: Ask) -> Solution:
    """The same with hops from root objects turned into root fields, where they can be."""
    return replace(solution, hops=tuple(_spread(solution.hops, ask)))


def _spread(hops: tuple[Hop, ...], ask: Ask) -> Iterator[Hop]:
    for hop in hops:
        kept, beside = [], []
        for routed in hop.inner.local:
            first, others = _apart(hop.entry, routed, ask)
            kept.append(first)
            beside += others
        yield replace(hop, inner=replace(hop.inner, local=tuple(kept)))
        yield from beside


def _apart(entry: Entry, routed: Routed, ask: Ask) -> tuple[Routed, list[Hop]]:
    below = routed.below
    if below is None or below.cases or below.parts or routed.field.lists:
        return routed, []
    staying, others = [], []
    for hop in below.hops:
        asked = _moved(entry, routed.field, hop, ask)
        if asked is None:
            staying.append(hop)
        else:
            others.append(asked)
    if not others or not (below.local or staying):
        return routed, []
    return replace(routed, below=replace(below, hops=tuple(staying))), others


def _moved(entry: Entry, field: Field, hop: Hop, ask: Ask) -> Hop | None:
    """The root field that brings what a hop would bring."""
    there = replace(entry, subgraph=hop.entry.subgraph)
    is_plain = len(hop.needs) == 1 and hop.entry.typename is None and not hop.inner.missing
    if not is_plain or hop.entry.subgraph == entry.subgraph or hop.inner.cases:
        return None
    selections = tuple(map(_answered, hop.inner.local))
    asked = ask(there, replace(field, selections=selections))
    if asked is None:
        return None
    return Hop(there, (), Solution(entry.type, local=(asked,)))


def _answered(routed: Routed) -> Field:
    """The field with what is answered below it."""
    if routed.below is None or not routed.below.missing:
        return routed.field
    selections = without(routed.field.selections, routed.below.missing)
    return replace(routed.field, selections=selections)
