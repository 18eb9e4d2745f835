"""Which subgraph gets which part of which type."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.fuzz.blueprint import ID, OTHERS, Blueprint, EntityPlan, Key, signature
from tests.fuzz.draft import FieldDraft, SetDraft, SubgraphDraft, TypeDraft

_BUILT_IN: Final = frozenset({"Int", "Float", "String", "Boolean", "ID"})


@dataclass(slots=True)
class Distribution:
    """Subgraphs that are being given their parts. Whatever a field needs is declared with it."""

    chance: Random
    plan: Blueprint
    set: SetDraft
    _parts: dict[tuple[str, str], tuple[FieldDraft, ...]] = field(default_factory=dict)

    def odds(self, likely: float) -> bool:
        """True so often."""
        return self.chance.random() < likely

    def some_subgraphs(self, fewest: int, most: int) -> list[SubgraphDraft]:
        """Different ones, in any order."""
        number = min(self.chance.randint(fewest, most), len(self.set.subgraphs))
        return self.chance.sample(self.set.subgraphs, number)

    def declare(self, subgraph: SubgraphDraft, type: TypeDraft, *fields: FieldDraft) -> None:
        """Give a type fields, and the subgraph what they lead to."""
        for each in fields:
            type.add(each)
            self.ensure(subgraph, each.target)
            self._ensure_arguments(subgraph, each)

    def ensure(self, subgraph: SubgraphDraft, name: str) -> None:
        """Declare a type that the subgraph refers to."""
        if name in subgraph.types or name in _BUILT_IN:
            return
        if name in OTHERS:
            subgraph.others[name] = OTHERS[name]
        elif name in self.plan.values:
            type = subgraph.type(name)
            type.marks.append("@shareable")
            self.declare(subgraph, type, *(each.copy() for each in self._part(subgraph, name)))
        elif name in self.plan.entities:
            self.add_entity(subgraph, self.plan.entities[name], resolvable=self.odds(0.6))
        elif name in self.plan.unions:
            self._ensure_union(subgraph, name)
        elif name in self.plan.interfaces:
            self._ensure_interface(subgraph, name)

    def add_entity(
        self, subgraph: SubgraphDraft, plan: EntityPlan, *, resolvable: bool = True
    ) -> TypeDraft:
        """Declare an entity with one or several of its keys."""
        if plan.name in subgraph.types:
            return subgraph.types[plan.name]
        type = subgraph.type(plan.name)
        first = plan.keys[0] if self.odds(0.8) else self.chance.choice(plan.keys)
        more = [key for key in plan.keys if key is not first and self.odds(0.5)]
        for key in (first, *more):
            self._add_key(subgraph, type, key, resolvable=resolvable)
        return type

    def _add_key(
        self, subgraph: SubgraphDraft, type: TypeDraft, key: Key, *, resolvable: bool
    ) -> None:
        end = "" if resolvable else ", resolvable: false"
        type.marks.append(f'@key(fields: "{key.text}"{end})')
        self.declare(subgraph, type, *(each.copy() for each in key.fields))
        for each in key.fields:
            if each.target in self.plan.entities:
                self._name_by_id(subgraph, subgraph.types[each.target])

    def _name_by_id(self, subgraph: SubgraphDraft, type: TypeDraft) -> None:
        """What a key leads to is named by its id."""
        if not any(f'"{ID.text}"' in mark for mark in type.marks):
            self._add_key(subgraph, type, ID, resolvable=self.odds(0.5))

    def _part(self, subgraph: SubgraphDraft, name: str) -> tuple[FieldDraft, ...]:
        """Mostly all fields of a value type: what is left out can seldom be reached."""
        fields = self.plan.values[name]
        if len(fields) > 1 and self.odds(0.12):
            return fields[1:]
        return tuple(
            FieldDraft(each.name, self.looser(each.signature), each.arguments) for each in fields
        )

    def looser(self, text: str) -> str:
        """Now and then null where others forbid it."""
        return text.removesuffix("!") if self.odds(0.08) else text

    def _ensure_union(self, subgraph: SubgraphDraft, name: str) -> None:
        type = subgraph.type(name)
        type.kind = "union"
        members = self._some(self.plan.unions[name])
        type.members.extend(members)
        for each in members:
            self.ensure(subgraph, each)

    def _ensure_interface(self, subgraph: SubgraphDraft, name: str) -> None:
        """Its fields are known when all objects have theirs."""
        type = subgraph.type(name)
        type.kind = "interface"
        for each in self._some(self.plan.interfaces[name]):
            self.ensure(subgraph, each)
            subgraph.types[each].interfaces.append(name)

    def _some(self, names: tuple[str, ...]) -> list[str]:
        kept = [name for name in names if self.odds(0.8)]
        return kept or [self.chance.choice(names)]

    def _ensure_arguments(self, subgraph: SubgraphDraft, field: FieldDraft) -> None:
        text = field.arguments
        needed = {name for name in OTHERS if name in text}
        if "Filter" in needed:
            needed.add("Mood")
        for name in needed:
            subgraph.others.setdefault(name, OTHERS[name])


def spread(division: Distribution) -> None:
    """Give every entity homes, and every field of it one owner or several."""
    homes = {name: division.some_subgraphs(1, 3) for name in division.plan.entities}
    for plan in division.plan.entities.values():
        for each in homes[plan.name]:
            division.add_entity(each, plan)
    for plan in division.plan.entities.values():
        for attribute in plan.fields:
            _give(division, plan.name, attribute, homes[plan.name])


def _give(
    division: Distribution, type: str, attribute: FieldDraft, homes: list[SubgraphDraft]
) -> None:
    shared = len(homes) > 1 and division.odds(0.2)
    for each in division.chance.sample(homes, 2 if shared else 1):
        copy = attribute.copy("@shareable") if shared else attribute.copy()
        if shared:
            copy.signature = division.looser(copy.signature)
            if division.odds(0.2) and "!" not in copy.arguments:
                copy.arguments = ""  # what only some subgraphs let clients give, none is given
        division.declare(each, each.types[type], copy)


def add_roots(division: Distribution) -> None:
    """Fields of Query, and of Mutation now and then."""
    targets = [*division.plan.entities, *division.plan.interfaces, *division.plan.unions]
    targets += division.plan.values
    for number in range(division.chance.randint(2, 6)):
        shared = division.odds(0.2)
        target = division.chance.choice(targets)
        drawn = FieldDraft(f"root{number}", signature(target, division.chance))
        if division.odds(0.3):
            drawn.arguments = "(id: ID, filter: Filter)"
        for subgraph in division.some_subgraphs(*((2, 2) if shared else (1, 1))):
            marks = ["@shareable"] if shared else []
            division.declare(subgraph, subgraph.type("Query"), drawn.copy(*marks))
    if division.odds(0.4):
        for number in range(division.chance.randint(1, 4)):
            target = division.chance.choice(targets)
            drawn = FieldDraft(f"do{number}", signature(target, division.chance))
            drawn.arguments = division.chance.choice(("", "(times: Int! = 1)", "(filter: Filter)"))
            [subgraph] = division.some_subgraphs(1, 1)
            division.declare(subgraph, subgraph.type("Mutation"), drawn)


def complete_interfaces(division: Distribution) -> None:
    """Give interfaces what all their types have in common, and something if that is nothing."""
    for name in division.plan.interfaces:
        homes = division.set.homes(name)
        local = {each.name: _implementers(each, name) for each in homes}
        types = [type for each in local.values() for type in each]
        if not all(_common(division, each, types) for each in local.values()):
            for type in types:
                type.add(FieldDraft("label", "String", marks=["@shareable"]))
        for home in homes:
            common = _common(division, local[home.name], types)
            kept = [each for each in common if division.odds(0.7)] or common
            home.types[name].add(*(each.copy() for each in kept))


def _implementers(subgraph: SubgraphDraft, interface: str) -> list[TypeDraft]:
    return [each for each in subgraph.types.values() if interface in each.interfaces]


def _common(
    division: Distribution, local: list[TypeDraft], everywhere: list[TypeDraft]
) -> list[FieldDraft]:
    """Fields that these types declare alike, and all other implementers somewhere."""
    first, *others = local
    return [
        each
        for each in first.fields.values()
        if all(_declares(type, each) for type in others)
        and all(any(division.set.owners(type.name, each.name)) for type in everywhere)
    ]


def _declares(type: TypeDraft, wanted: FieldDraft) -> bool:
    found = type.fields.get(wanted.name)
    if found is None:
        return False
    return (found.signature, found.arguments) == (wanted.signature, wanted.arguments)
