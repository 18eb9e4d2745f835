"""Where a new supergraph asks less of callers than an old one.

Rules are compared by what they mean, not by how they are written: whoever meets the new rules of
a field must meet its old ones. All guards of a field count together, so a rule may move between a
field, its type and its interfaces. A field that is gone is not weaker.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_interface_type,
    is_object_type,
)

from gateway.composition.authorization import Demand
from gateway.supergraph.model import Rule, Supergraph
from portal.access.demands import Guards, demand_of, guards_of, in_words


@dataclass(frozen=True, slots=True)
class Weakening:
    """A coordinate that asks less than before, and how that came about."""

    coordinate: str
    before: str
    after: str
    how: str

    def __str__(self) -> str:
        return f"{self.coordinate} asked for {self.before}, now for {self.after}: {self.how}."


def weakenings(old: Supergraph, new: Supergraph) -> list[Weakening]:
    """All of them, by coordinate."""
    before, after = guards_of(old), guards_of(new)
    found = [
        *_weaker_fields(old, new, before, after),
        *_weaker_inputs(old, new),
        *_new_fields(old, new, before, after),
    ]
    return sorted(found, key=lambda each: each.coordinate)


def _weaker_fields(
    old: Supergraph, new: Supergraph, before: Guards, after: Guards
) -> Iterator[Weakening]:
    for (type, name), asked in before.items():
        if _has(new.schema, type, name):
            asks = after.get((type, name), {})
            if not demand_of(asks.values()).implies(demand_of(asked.values())):
                yield _weakening(f"{type}.{name}", asked, asks, _changes(asked, asks))


def _weaker_inputs(old: Supergraph, new: Supergraph) -> Iterator[Weakening]:
    """A rule on the type of an argument stands before its use."""
    for name in sorted(_inputs(old.schema) & _inputs(new.schema) & old.rules.keys()):
        asked = {name: old.rules[name]}
        asks = {name: new.rules[name]} if name in new.rules else {}
        if not demand_of(asks.values()).implies(demand_of(asked.values())):
            yield _weakening(name, asked, asks, _changes(asked, asks))


def _new_fields(
    old: Supergraph, new: Supergraph, before: Guards, after: Guards
) -> Iterator[Weakening]:
    protected = _protected_types(old, before)
    moved = _gone(old, new, before)
    for type, field in _fields(new.schema):
        if _has(old.schema, type, field):
            continue
        asks = after.get((type, field), {})
        demand = demand_of(asks.values())
        if (asked := protected.get(type)) is not None:
            if _asks_less(demand, asked):
                how = f"it is new in {type}, where every field had a rule"
                yield _weakening(f"{type}.{field}", asked, asks, how)
            continue
        for source in moved.get(_shape(new.schema, type, field), ()):
            if not demand.implies(demand_of(before[source].values())):
                how = f"it was {'.'.join(source)}"
                yield _weakening(f"{type}.{field}", before[source], asks, how)
                break


def _protected_types(old: Supergraph, before: Guards) -> Mapping[str, Mapping[str, Rule]]:
    """The types of which every field had a rule, with their own rule, if they had one."""
    fields = list(_fields(old.schema))
    open_types = {type for type, name in fields if (type, name) not in before}
    return {
        type: {type: old.rules[type]} if type in old.rules else {}
        for type, _ in fields
        if type not in open_types
    }


def _asks_less(demand: Demand, asked: Mapping[str, Rule]) -> bool:
    """Than a protected type did: than its rule, or than anything when only its fields had rules."""
    if asked:
        return not demand.implies(demand_of(asked.values()))
    return Demand().implies(demand)


def _gone(
    old: Supergraph, new: Supergraph, before: Guards
) -> Mapping[tuple[str, str], list[tuple[str, str]]]:
    """Guarded fields that their type no longer has, by name and type. Ids are everywhere."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for type, name in before:
        if not _has(new.schema, type, name) and name != "id":
            found.setdefault(_shape(old.schema, type, name), []).append((type, name))
    return found


def _shape(schema: GraphQLSchema, type: str, name: str) -> tuple[str, str]:
    owner = schema.type_map[type]
    assert isinstance(owner, GraphQLObjectType)
    return name, get_named_type(owner.fields[name].type).name


def _weakening(
    coordinate: str, asked: Mapping[str, Rule], asks: Mapping[str, Rule], how: str
) -> Weakening:
    before = in_words(asked.values()) if asked else "some right"
    return Weakening(coordinate, before, in_words(asks.values()), how)


def _changes(asked: Mapping[str, Rule], asks: Mapping[str, Rule]) -> str:
    """Which of the rules that were there are gone or ask less."""
    changes = []
    for coordinate, rule in asked.items():
        now = asks.get(coordinate)
        if now is None:
            changes.append(f"the rule of {coordinate} is gone")
        elif not demand_of([now]).implies(demand_of([rule])):
            changes.append(f"the rule of {coordinate} {_difference(rule, now)}")
    return " and ".join(changes)


def _difference(old: Rule, new: Rule) -> str:
    for name, before, after in (
        ("requiresScopes", old.scopes, new.scopes),
        ("policy", old.policies, new.policies),
    ):
        if before and not after:
            return f"lost its @{name}"
        added = [each for each in after if not any(known <= each for known in before)]
        if before and added:
            return f"has the alternative {' or '.join(' and '.join(sorted(a)) for a in added)}"
    return "lost its @authenticated"


def _has(schema: GraphQLSchema, type: str, name: str) -> bool:
    owner = schema.type_map.get(type)
    return isinstance(owner, GraphQLObjectType) and name in owner.fields


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    for type in schema.type_map.values():
        if isinstance(type, GraphQLObjectType) and not type.name.startswith("__"):
            for name in type.fields:
                yield type.name, name


def _inputs(schema: GraphQLSchema) -> set[str]:
    """The types that arguments and input fields have."""
    used: set[str] = set()
    for type in schema.type_map.values():
        if isinstance(type, GraphQLInputObjectType):
            used |= {get_named_type(each.type).name for each in type.fields.values()}
        elif is_object_type(type) or is_interface_type(type):
            for field in type.fields.values():
                used |= {get_named_type(each.type).name for each in field.args.values()}
    return used
