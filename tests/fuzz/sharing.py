"""Ways in which subgraphs share a type's fields: each makes one such arrangement, if it can."""

from typing import Final

from tests.fuzz.blueprint import field_of, signature
from tests.fuzz.distribution import Distribution
from tests.fuzz.draft import FieldDraft, SubgraphDraft, TypeDraft
from tests.fuzz.field_sets import is_free, needed, others_fields, provided

_OPTIONAL_FIRST: Final = ("(first: Int! = 3", "(mood: Mood = WILD", "(id: ID")


def require(division: Distribution) -> None:
    """A field that @requires fields of other subgraphs."""
    found = _entity_with_others_fields(division)
    if found is None:
        return
    subgraph, type, others = found
    number = min(len(others), division.chance.randint(1, 2))
    chosen = division.chance.sample(others, number)
    wanted = [needed(division, subgraph, type, each, 2) for each in chosen]
    targets = [*division.plan.entities, *division.plan.values]
    made = field_of(_fresh(division, type.name, "made"), targets, division.chance)
    made.marks.append(f'@requires(fields: "{_quoted(" ".join(wanted))}")')
    division.declare(subgraph, type, made)


def provide(division: Distribution) -> None:
    """A field that @provides of what it leads to a field that another subgraph has."""
    places = [
        (subgraph, each)
        for subgraph in division.set.subgraphs
        for type in subgraph.types.values()
        if type.kind == "type"
        for each in type.fields.values()
        if _is_object(subgraph, each.target) and "@external" not in each.marks
    ]
    if not places:
        return
    subgraph, place = division.chance.choice(places)
    text = provided(division, subgraph, place.target)
    if text and not any(mark.startswith("@provides") for mark in place.marks):
        place.marks.append(f'@provides(fields: "{_quoted(text)}")')


def take_over(division: Distribution) -> None:
    """A field that one subgraph takes over from another, always or while a label is active."""
    found = _entity_with_others_fields(division)
    if found is None:
        return
    subgraph, type, others = found
    taken = division.chance.choice(others)
    owners = list(division.set.owners(type.name, taken.name))
    if len(owners) != 1 or taken.marks:
        return
    label = division.chance.choice(("", "", ', label: "early"', ', label: "late"'))
    copy = taken.copy(f'@override(from: "{owners[0].name}"{label})')
    division.declare(subgraph, type, copy)


def hide(division: Distribution) -> None:
    """Something that clients do not see."""
    subgraph = division.chance.choice(division.set.subgraphs)
    fields = [
        each
        for type in subgraph.types.values()
        for each in type.fields.values()
        if type.kind == "type" and type.name not in ("Query", "Mutation") and is_free(each)
    ]
    match division.chance.randrange(5):
        case 2:
            _hide_argument(division, subgraph)
        case 0 if "Mood" in subgraph.others:
            subgraph.others["Mood"] = "enum Mood { CALM WILD SHY @inaccessible }"
        case 1:
            names = [
                each.name
                for each in subgraph.types.values()
                if each.kind == "type" and each.interfaces
            ]
            if names:
                subgraph.types[division.chance.choice(names)].marks.append("@inaccessible")
        case _ if fields:
            division.chance.choice(fields).marks.append("@inaccessible")
        case _:
            pass


def _hide_argument(division: Distribution, subgraph: SubgraphDraft) -> None:
    """The first argument of a field, where it may be left out."""
    fields = [
        each
        for type in subgraph.types.values()
        for each in type.fields.values()
        if each.arguments.startswith(_OPTIONAL_FIRST)
    ]
    if fields:
        field = division.chance.choice(fields)
        for first in _OPTIONAL_FIRST:
            field.arguments = field.arguments.replace(first, f"{first} @inaccessible")


def reenter(division: Distribution) -> None:
    """A field that leads back to Query."""
    places = [
        (subgraph, type)
        for subgraph in division.set.subgraphs
        for type in subgraph.types.values()
        if "Query" in subgraph.types and type.is_entity and type.kind == "type"
    ]
    if places:
        _, type = division.chance.choice(places)
        type.add(FieldDraft(_fresh(division, type.name, "again"), "Query"))


def add_interface_object(division: Distribution) -> None:
    """An interface with a key in one subgraph, and an object of its name in another."""
    entities = [plan for plan in division.plan.entities.values() if plan.keys[0].text == "id"]
    if not entities:
        return
    chosen = division.chance.sample(entities, division.chance.randint(1, min(2, len(entities))))
    home = division.chance.choice(division.set.subgraphs)
    away = SubgraphDraft(f"s{len(division.set.subgraphs)}")
    key = '@key(fields: "id")'
    interface = home.type("Node")
    interface.kind = "interface"
    interface.marks.append(key)
    interface.add(FieldDraft("id", "ID!"))
    for plan in chosen:
        type = division.add_entity(home, plan)
        if not any(mark == key for mark in type.marks):
            type.marks.append(key)
        type.add(FieldDraft("id", "ID!"))
        type.interfaces.append("Node")
    object = away.type("Node")
    object.marks += [key, "@interfaceObject"]
    object.add(FieldDraft("id", "ID!"))
    division.set.subgraphs.append(away)
    for number in range(division.chance.randint(1, 3)):
        division.declare(away, object, field_of(f"node{number}", ["Node"], division.chance))
    for subgraph in division.chance.sample([home, away], division.chance.randint(1, 2)):
        drawn = FieldDraft(f"nodes{subgraph.name}", signature("Node", division.chance))
        division.declare(subgraph, subgraph.type("Query"), drawn)


def _entity_with_others_fields(
    division: Distribution,
) -> tuple[SubgraphDraft, TypeDraft, list[FieldDraft]] | None:
    """A subgraph's entity, and fields of it that only other subgraphs have."""
    found = [
        (subgraph, type, others)
        for subgraph in division.set.subgraphs
        for type in subgraph.types.values()
        if type.is_entity
        and type.kind == "type"
        and "@interfaceObject" not in type.marks
        and any("resolvable: false" not in mark for mark in type.marks if "@key" in mark)
        if (others := list(others_fields(division, subgraph, type)))
    ]
    return division.chance.choice(found) if found else None


def _is_object(subgraph: SubgraphDraft, name: str) -> bool:
    return name in subgraph.types and name != "Query"


def _fresh(division: Distribution, type: str, stem: str) -> str:
    """A name that no subgraph has on the type."""
    number = 0
    while any(division.set.owners(type, f"{stem}{number}")):
        number += 1
    return f"{stem}{number}"


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')
