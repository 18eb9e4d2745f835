"""Protected fields that cannot be null, and what is lost with them when they are denied.

A denied field is null. Where its type does not allow that, the null rises (GraphQL spec, 6.4.4)
and takes with it what the caller may see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLNonNull, GraphQLObjectType

from gateway.authorization.guards import guards
from gateway.composition.authorization import Demand
from gateway.composition.lint.loss import Loss, Part
from gateway.composition.lint.ways import Audiences, Way, Ways, demand_of
from gateway.supergraph.model import Rule, Supergraph


@dataclass(frozen=True, slots=True)
class Finding:
    """A field of an object type that clients see, and what its null takes on the ways to it.

    `rules` are those that deny it, by what they stand on: the field, a field of its interfaces,
    or a type. A way that is closed to everybody who is denied the field loses nothing.
    """

    coordinate: str
    rules: Mapping[str, Rule]
    losses: tuple[Loss, ...]

    @property
    def loses_all(self) -> bool:
        """Whether some way to the field has nothing above it that can be null."""
        return any(loss.part is Part.ANSWER for loss in self.losses)

    def __str__(self) -> str:
        rules = ", ".join(f"{_in_words(rule)} on {on}" for on, rule in self.rules.items())
        losses = ", ".join(map(str, self.losses))
        return f"{self.coordinate} cannot be null; denied ({rules}) it takes: {losses}."


def lint(supergraph: Supergraph) -> Iterator[Finding]:
    """Every protected field whose denial costs more than the field, in the schema's order."""
    ways = Ways(supergraph)
    for (type_name, name), rules in guards(supergraph):
        type = supergraph.api_schema.type_map.get(type_name)
        field = type.fields.get(name) if isinstance(type, GraphQLObjectType) else None
        if field is not None and isinstance(field.type, GraphQLNonNull):
            whole_type = {on: rule for on, rule in rules if on == type_name}
            found = _losses(ways, type_name, name, demand_of(whole_type))
            losses = tuple(dict.fromkeys(found))
            if losses:
                yield Finding(f"{type_name}.{name}", dict(rules), losses)


def _losses(ways: Ways, type_name: str, name: str, whole_type: Demand) -> Iterator[Loss]:
    """Upwards from the object of a denied field. `whole_type`: of who sees any of the object."""
    coordinate = f"{type_name}.{name}"
    denied = ways.demand(coordinate)
    if type_name in ways.roots and not whole_type.implies(denied):
        yield Loss(coordinate, Part.ANSWER)
    passed = Audiences()
    # Alone, an object is a loss to who sees something of it; with others of a list, to all.
    risen = [(type_name, Demand(), whole_type)]
    while risen:
        type, below, alone = risen.pop()
        for way in ways.to(type):
            taken = below & ways.demand(way.coordinate)
            losing = taken & alone if way.is_open else taken
            if not _may_be_denied(ways, way, losing, denied):
                continue
            if way.stop is not None:
                yield way.stop
                continue
            if way.parent in ways.roots:
                yield Loss(way.coordinate, Part.ANSWER)
            if passed.add(way.parent, taken):
                risen.append((way.parent, taken, Demand()))


def _may_be_denied(ways: Ways, way: Way, taken: Demand, denied: Demand) -> bool:
    """Whether somebody comes this way who does not meet what the field demands."""
    return any(not (above & taken).implies(denied) for above in ways.audiences.of(way.parent))


def _in_words(rule: Rule) -> str:
    demands = ["@authenticated"] if rule.authenticated else []
    demands += [f"@requiresScopes {_alternatives(rule.scopes)}"] if rule.scopes else []
    demands += [f"@policy {_alternatives(rule.policies)}"] if rule.policies else []
    return " and ".join(demands)


def _alternatives(alternatives: tuple[frozenset[str], ...]) -> str:
    return " or ".join(" + ".join(sorted(alternative)) for alternative in alternatives)
