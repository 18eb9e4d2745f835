"""The fields by which clients come to objects of each type, and who comes there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_abstract_type,
)

from gateway.authorization.guards import guards
from gateway.composition.authorization import Demand
from gateway.composition.lint.loss import Loss, Part
from gateway.supergraph.model import Rule, Supergraph

#: A type that is reached under more different demands counts as open: more is reported then.
_MOST_AUDIENCES: Final = 32


@dataclass(frozen=True, slots=True)
class Way:
    """A field of the type `parent`; its type is or holds objects of another type."""

    parent: str
    coordinate: str
    type: GraphQLOutputType

    @property
    def is_open(self) -> bool:
        """Whether the object itself can be null where it is."""
        type = self.type
        while isinstance(type, GraphQLNonNull | GraphQLList):
            if isinstance(type, GraphQLNonNull) and not isinstance(type.of_type, GraphQLList):
                return False
            type = type.of_type
        return True

    @property
    def stop(self) -> Loss | None:
        """What an object's null takes along, the nearest; None if it rises past the field."""
        type, part, nearest = self.type, Part.FIELD, None
        while True:
            if isinstance(type, GraphQLNonNull):
                type = type.of_type
            else:
                nearest = Loss(self.coordinate, part)
            if not isinstance(type, GraphQLList):
                return nearest
            type, part = type.of_type, Part.ITEM


class Audiences:
    """Weakest demands: an audience that implies another is none of its own."""

    def __init__(self) -> None:
        self._demands: dict[str, list[Demand]] = defaultdict(list)

    def add(self, type_name: str, demand: Demand) -> bool:
        """Whether it is new."""
        known = self._demands[type_name]
        if any(demand.implies(one) for one in known):
            return False
        if len(known) >= _MOST_AUDIENCES:
            demand = Demand()
        self._demands[type_name] = [one for one in known if not one.implies(demand)] + [demand]
        return True

    def of(self, type_name: str) -> list[Demand]:
        """Those that come to objects of the type."""
        return self._demands[type_name]


class Ways:
    """All ways through what clients see of a supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        schema = supergraph.api_schema
        self.roots = frozenset(
            type.name for kind in OperationType if (type := schema.get_root_type(kind)) is not None
        )
        self._demands = {
            f"{type}.{name}": demand_of(dict(found)) for (type, name), found in guards(supergraph)
        }
        self._to: dict[str, list[Way]] = defaultdict(list)
        self._from: dict[str, list[tuple[Way, str]]] = defaultdict(list)
        for way, target in _each_way(schema):
            self._to[target].append(way)
            self._from[way.parent].append((way, target))
        self.audiences = self._reached()

    def to(self, type_name: str) -> list[Way]:
        """The ways to objects of the type."""
        return self._to[type_name]

    def demand(self, coordinate: str) -> Demand:
        """Of a field of an object type, with all that stands before it."""
        return self._demands.get(coordinate, Demand())

    def _reached(self) -> Audiences:
        audiences = Audiences()
        reached = [(root, Demand()) for root in sorted(self.roots)]
        for root, demand in reached:
            audiences.add(root, demand)
        while reached:
            type_name, held = reached.pop()
            for way, target in self._from[type_name]:
                demand = held & self.demand(way.coordinate)
                if audiences.add(target, demand):
                    reached.append((target, demand))
        return audiences


def demand_of(rules: Mapping[str, Rule]) -> Demand:
    """What all of the rules demand together."""
    return reduce(and_, map(_demand, rules.values()), Demand())


def _demand(rule: Rule) -> Demand:
    nothing = Demand()
    return Demand(
        # Nobody has scopes without being known.
        rule.authenticated or bool(rule.scopes),
        frozenset(rule.scopes) or nothing.scopes,
        frozenset(rule.policies) or nothing.policies,
    )


def _each_way(schema: GraphQLSchema) -> Iterator[tuple[Way, str]]:
    for parent in schema.type_map.values():
        if not isinstance(parent, GraphQLObjectType) or parent.name.startswith("__"):
            continue
        for name, field in parent.fields.items():
            target = get_named_type(field.type)
            possible = schema.get_possible_types(target) if is_abstract_type(target) else [target]
            for type in possible:
                yield Way(parent.name, f"{parent.name}.{name}", field.type), type.name
