"""Response keys that a subgraph's own schema would not let stand together.

A client may ask two types of a union for fields of one name; the API schema allows it where
their types agree. In one subgraph the same fields may differ, in nullability for instance, and
its validation would refuse the request (GraphQL 5.3.2, SameResponseShape). One of them is then
asked for under another key, and renamed in the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.operation.normalise import TYPENAME
from gateway.plan.fetch import Rename
from gateway.plan.path import INTERNAL_PREFIX, Items, Key, OfType, Path
from gateway.planner.draft import Asked, Node, Step
from gateway.supergraph.model import Kind, Subgraph


def rename_conflicts(step: Step, subgraph: Subgraph) -> tuple[Rename, ...]:
    """Give conflicting fields of the step keys of their own.

    What to rename in its answer, inner objects before those that hold them.
    """
    renames = list(_renames([_Place(step.node, ())], subgraph))
    if any(rename.path and isinstance(rename.path[0], OfType) for rename in renames):
        step.node.ask_typename()
    return tuple(reversed(renames))


@dataclass(frozen=True, slots=True)
class _Place:
    """A selection set, and the path on which its objects are found in the answer."""

    node: Node
    path: Path


@dataclass(frozen=True, slots=True)
class _Found:
    """A field, and the selection set in which it stands."""

    owner: _Place
    asked: Asked
    signature: str


def _renames(places: Sequence[_Place], subgraph: Subgraph) -> Iterator[Rename]:
    """Of selection sets whose fields end up in the same objects, or might."""
    by_key: dict[str, list[_Found]] = {}
    for place in _opened(places, subgraph):
        for key, asked in place.node.fields.items():
            signature = _signature(place.node.type, asked.name, subgraph)
            by_key.setdefault(key, []).append(_Found(place, asked, signature))
    for key, found in by_key.items():
        together: dict[str, list[_Found]] = {}
        for each in found:
            together.setdefault(_shape(each.signature, subgraph), []).append(each)
        for n, alike in enumerate(together.values()):
            sent = key if n == 0 else f"{INTERNAL_PREFIX}c{n}_{key}"
            if sent != key:
                yield from (_renamed(each, key, sent) for each in alike)
            yield from _renames(list(_below(alike, sent)), subgraph)


def _opened(places: Sequence[_Place], subgraph: Subgraph) -> Iterator[_Place]:
    for place in places:
        yield place
        for type, case in place.node.cases.items():
            # Objects tell which they are: an interface is no object's type.
            path = (*place.path, OfType(subgraph.types[type].possible))
            yield from _opened([_Place(case, path)], subgraph)


def _renamed(found: _Found, key: str, sent: str) -> Rename:
    fields = found.owner.node.fields
    fields[sent] = fields.pop(key)
    return Rename(found.owner.path, sent, key)


def _below(alike: Sequence[_Found], key: str) -> Iterator[_Place]:
    for each in alike:
        if each.asked.node is not None:
            items = [Items()] * each.signature.count("[")
            yield _Place(each.asked.node, (*each.owner.path, Key(key), *items))


def _signature(type: str, name: str, subgraph: Subgraph) -> str:
    known = subgraph.types.get(type)
    if name == TYPENAME or known is None or name not in known.fields:
        return "String!"
    return known.fields[name].signature


def _shape(signature: str, subgraph: Subgraph) -> str:
    """What must agree: lists and nullability, and which leaf; objects agree by their fields."""
    named = signature.strip("[]!")
    type = subgraph.types.get(named)
    if type is None or type.kind is Kind.LEAF:
        return signature
    return signature.replace(named, "{}")
