"""What there is to share: the types of a federation before subgraphs divide them."""

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.fuzz.draft import FieldDraft

_ENTITIES: Final = ("Book", "Film", "Person", "Shop")
_VALUES: Final = ("Place", "Size")
_INTERFACES: Final = ("Named", "Owned")
_UNIONS: Final = ("Media", "Found")
_LEAVES: Final = ("Int", "Float", "String", "Boolean", "ID", "Mood", "Json")
#: Types share names of fields, so that interfaces have something in common.
_NAMES: Final = ("alpha", "beta", "gamma", "delta", "kappa", "sigma", "omega")

#: Definitions of what is no composite type; subgraphs that use one declare it alike.
OTHERS: Final = {
    "Mood": "enum Mood { CALM WILD SHY }",
    "Json": "scalar Json",
    "Filter": 'input Filter { text: String = "all" many: [Int!] mood: Mood deeper: Filter }',
}
_ARGUMENTS: Final = (
    "(first: Int! = 3)",
    "(filter: Filter)",
    "(filter: Filter! = {many: [1, 2]})",
    "(mood: Mood = WILD, many: [Int!])",
    "(at: Json, on: Boolean!)",
    "(grid: [[Float]], id: ID)",
    "(filters: [Filter!])",
)
#: Literals for each of these, as a @requires gives them.
GIVEN: Final = {
    "(first: Int! = 3)": "(first: 2)",
    "(filter: Filter)": '(filter: {text: "x"})',
    "(filter: Filter! = {many: [1, 2]})": "(filter: {many: 4, mood: SHY})",
    "(mood: Mood = WILD, many: [Int!])": "(mood: CALM)",
    "(at: Json, on: Boolean!)": "(at: {n: [1]}, on: true)",
    "(grid: [[Float]], id: ID)": "(grid: [[1, 2.5], []])",
    "(filters: [Filter!])": "(filters: [{mood: WILD}])",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A way to name an entity: a field set, and the fields it takes."""

    text: str
    fields: tuple[FieldDraft, ...]


#: The plainest key.
ID: Final = Key("id", (FieldDraft("id", "ID!"),))


@dataclass(frozen=True, slots=True)
class EntityPlan:
    """An entity: its keys, and its fields before they find owners."""

    name: str
    keys: tuple[Key, ...]
    fields: tuple[FieldDraft, ...]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The types of a federation; abstract types with those that their values may have."""

    entities: dict[str, EntityPlan]
    values: dict[str, tuple[FieldDraft, ...]]
    interfaces: dict[str, tuple[str, ...]]
    unions: dict[str, tuple[str, ...]]


def blueprint(chance: Random) -> Blueprint:
    """Types made by chance."""
    entities = chance.sample(_ENTITIES, chance.randint(1, len(_ENTITIES)))
    values = chance.sample(_VALUES, chance.randint(0, len(_VALUES)))
    interfaces = chance.sample(_INTERFACES, chance.randint(0, len(_INTERFACES)))
    unions = chance.sample(_UNIONS, chance.choice((0, 0, 1, 2)))
    composites = [*entities, *entities, *values, *interfaces, *unions]
    objects = [*entities, *values]
    named = [name for name in entities if chance.random() < 0.8]
    alike = {name: field_of(name, composites, chance) for name in _NAMES}
    # A value type leads to leaves and entities only, so that no value contains itself.
    plain = {name: field_of(name, entities, chance) for name in _NAMES}
    return Blueprint(
        entities={
            name: EntityPlan(
                name,
                _keys(name, named, chance),
                _fields(alike, composites, chance, chance.randint(2, 6)),
            )
            for name in entities
        },
        values={name: _fields(plain, [], chance, chance.randint(1, 3)) for name in values}
        | {_part(name): (FieldDraft("tag", "String!"),) for name in entities},
        interfaces={name: _some(objects, chance) for name in interfaces},
        unions={name: _some(objects, chance) for name in unions},
    )


def signature(type: str, chance: Random) -> str:
    """The type, null or not, in lists or not."""
    text = type
    for likely in (0.3, 0.2):
        if chance.random() < 0.4:
            text += "!"
        if chance.random() >= likely:
            break
        text = f"[{text}]"
    return text if text.endswith("!") or chance.random() < 0.7 else f"{text}!"


def _keys(name: str, named: list[str], chance: Random) -> tuple[Key, ...]:
    """`named` are the entities that have an id."""
    id, code = FieldDraft("id", "ID!"), FieldDraft("code", "String!")
    meta = FieldDraft("meta", f"{_part(name)}!")
    parts = FieldDraft("parts", f"[{_part(name)}!]!")
    designs = [
        Key("code", (code,)),
        Key("id code", (id, code)),
        Key("id meta { tag }", (id, meta)),
        Key("parts { tag }", (parts,)),
    ]
    if named:
        owner = FieldDraft("owner", f"{chance.choice(named)}!")
        designs.append(Key("code owner { id }", (code, owner)))
    if name not in named:
        return tuple(chance.sample(designs, chance.randint(1, 2)))
    return (ID, *chance.sample(designs, chance.choice((0, 0, 0, 1, 2))))


def _fields(
    alike: dict[str, FieldDraft], targets: list[str], chance: Random, number: int
) -> tuple[FieldDraft, ...]:
    return tuple(
        alike[name].copy() if chance.random() < 0.75 else field_of(name, targets, chance)
        for name in chance.sample(_NAMES, number)
    )


def field_of(name: str, targets: list[str], chance: Random) -> FieldDraft:
    """A field of a leaf type or of one of the targets."""
    target = chance.choice(targets if targets and chance.random() < 0.5 else _LEAVES)
    arguments = chance.choice(_ARGUMENTS) if chance.random() < 0.2 else ""
    return FieldDraft(name, signature(target, chance), arguments)


def _some(names: list[str], chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(names, chance.randint(1, len(names))))


def _part(entity: str) -> str:
    return f"{entity}Part"
