"""Field sets made by chance, and the @external fields that they need."""

from collections.abc import Iterator

from tests.fuzz.blueprint import GIVEN
from tests.fuzz.distribution import Distribution
from tests.fuzz.draft import FieldDraft, SubgraphDraft, TypeDraft


def needed(
    division: Distribution,
    subgraph: SubgraphDraft,
    type: TypeDraft,
    wanted: FieldDraft,
    depth: int,
) -> str:
    """The field in a @requires, declared @external where it is needed."""
    if wanted.name not in type.fields:
        division.declare(subgraph, type, wanted.copy("@external"))
    text = wanted.name
    if wanted.arguments and (division.odds(0.7) or "!" in wanted.arguments):
        text += GIVEN.get(wanted.arguments, "")
    below = _below(division, subgraph, wanted.target, depth)
    return f"{text} {{ {below} }}" if below else text


def provided(division: Distribution, subgraph: SubgraphDraft, name: str, depth: int = 2) -> str:
    """What a @provides on a field of this type may give; nothing if there is nothing to give."""
    type = subgraph.types.get(name)
    if type is None or depth == 0:
        return ""
    if type.kind != "type":
        chosen = division.chance.choice(_members(subgraph, type)).name
        inner = provided(division, subgraph, chosen, depth)
        return f"... on {chosen} {{ {inner} }}" if inner else ""
    if type.is_entity:
        return _provided_leaf(division, subgraph, type)
    for each in type.fields.values():
        inner = "" if each.arguments else provided(division, subgraph, each.target, depth - 1)
        if inner:
            return f"{each.name} {{ {inner} }}"
    return ""


def others_fields(
    division: Distribution, subgraph: SubgraphDraft, type: TypeDraft
) -> Iterator[FieldDraft]:
    """The type's fields that other subgraphs have and this one does not."""
    seen = set(type.fields)
    for other in division.set.homes(type.name):
        for each in other.types[type.name].fields.values():
            if other is not subgraph and each.name not in seen and is_free(each):
                seen.add(each.name)
                yield each


def is_free(field: FieldDraft) -> bool:
    """Whether another subgraph may refer to the field."""
    return field.target != "Query" and not any(
        mark.startswith(("@external", "@override")) for mark in field.marks
    )


def _provided_leaf(division: Distribution, subgraph: SubgraphDraft, type: TypeDraft) -> str:
    others = [
        each
        for each in others_fields(division, subgraph, type)
        if not division.set.homes(each.target) and not each.arguments and not each.requires
    ]
    if not others:
        return ""
    chosen = division.chance.choice(others)
    for owner in division.set.owners(type.name, chosen.name):
        field = owner.types[type.name].fields[chosen.name]
        if "@shareable" not in field.marks and "@external" not in field.marks:
            field.marks.append("@shareable")
    division.declare(subgraph, type, chosen.copy("@external"))
    return chosen.name


def _below(division: Distribution, subgraph: SubgraphDraft, name: str, depth: int) -> str:
    type = subgraph.types.get(name)
    if type is None:
        return ""
    if type.kind == "union" or (type.kind == "interface" and division.odds(0.5)):
        possible = _members(subgraph, type)
        types = division.chance.sample(possible, division.chance.randint(1, len(possible)))
        parts = [
            f"... on {each.name} {{ {_below(division, subgraph, each.name, depth)} }}"
            for each in types
        ]
        return " ".join(["__typename", *parts])
    fields = list(type.fields.values())
    if type.is_entity:
        fields += list(others_fields(division, subgraph, type))
    fields = [
        each
        for each in fields
        if (depth > 1 or each.target not in subgraph.types) and not each.requires
    ]
    if not fields:
        return "__typename"
    chosen = division.chance.sample(fields, division.chance.randint(1, min(2, len(fields))))
    return " ".join(needed(division, subgraph, type, each, depth - 1) for each in chosen)


def _members(subgraph: SubgraphDraft, type: TypeDraft) -> list[TypeDraft]:
    """The object types of an abstract type."""
    return [
        each
        for each in subgraph.types.values()
        if each.name in type.members or type.name in each.interfaces
    ]
