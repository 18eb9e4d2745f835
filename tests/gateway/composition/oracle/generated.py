"""Small sets of subgraphs made by chance, each by its seed.

The subgraphs of a set start from one plan and depart from it here and there, in some sets more
and in some less: many sets compose, and the rules of merging meet each other in ways that nobody
wrote down.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from tests.gateway.composition.oracle.drafts import Draft, DraftSet

#: How many sets the tests compare.
GENERATED: Final = 300

_NAMES: Final = ("a", "b", "c")
_ENTITIES: Final = ("P", "Q")
#: By field: the types that it may have, of which the first is the likeliest.
_TYPES: Final = {
    "n": ("Int", "Int!", "Int"),
    "s": ("[String!]", "[String!]!", "[String]", "[String]!"),
    "v": ("V", "V!"),
    "e": ("E", "E!"),
    "i": ("I", "P"),
    "u": ("U", "Q"),
    "d": ("D", "D!", "String"),
}
_ARGUMENTS: Final = ("", "k: Int", "k: Int!", "k: Int = 1", "k: Int! = 1", "f: F", "k: Int, g: G")
_INPUTS: Final = {
    "p": ("p: Int", "p: Int!", "p: Int! = 2"),
    "q": ("q: [G!]", "q: [G]", "q: [G!]!"),
    "r": ("r: Int = 3", "r: Int", "r: Int = 4"),
    "t": ("t: F", ""),
}
_VALUES: Final = ("ONE", "TWO", "SIX")
_ANYWHERE: Final = ('@tag(name: "one")', '@tag(name: "two")', "@inaccessible")
_ON_ENUM_VALUES: Final = (*_ANYWHERE, "@deprecated", '@deprecated(reason: "old")')
_ON_INPUTS: Final = (*_ANYWHERE, "@cost(weight: 3)", "@cost(weight: 5)")
_ON_SCALARS: Final = (
    *_ANYWHERE,
    "@authenticated",
    "@cost(weight: 3)",
    '@policy(policies: [["p"]])',
)
_ON_FIELDS: Final = (
    *_ON_ENUM_VALUES,
    "@authenticated",
    '@requiresScopes(scopes: [["x"], ["y"]])',
    '@requiresScopes(scopes: [["y", "z"]])',
    "@cost(weight: 3)",
    "@cost(weight: 5)",
)


def generated_set(seed: int) -> DraftSet:
    """The same set for the same seed."""
    random = Random(seed)
    names = _NAMES[: random.randint(2, 3)]
    plan = _Plan(random, names)
    subgraphs = {name: tuple(_Writer(name, random, plan).drafts()) for name in names}
    return DraftSet(f"generated {seed}", subgraphs)


class _Plan:
    """What the subgraphs agree on; `dissent` is how often they do not."""

    def __init__(self, random: Random, names: Sequence[str]) -> None:
        self.dissent: Final = random.choice((0.0, 0.02, 0.05, 0.2))
        self.annotated: Final = random.choice((0.0, 0.03, 0.1))
        places = [(type, name) for type in ("Query", "V", *_ENTITIES) for name in _TYPES]
        self.holders: Final = {
            place: sorted(random.sample(names, random.randint(1, len(names)))) for place in places
        }
        self.arguments: Final = {
            place: random.choice(_ARGUMENTS) if random.random() < 0.2 else "" for place in places
        }
        self.values: Final = {enum: random.sample(_VALUES, 2) for enum in ("E", "G")}
        self.overrides: Final = {place: random.random() < 0.15 for place in places}


class _Writer:
    """One subgraph's types."""

    def __init__(self, name: str, random: Random, plan: _Plan) -> None:
        self._name = name
        self._random = random
        self._plan = plan

    def drafts(self) -> list[Draft]:
        return [
            self._query(),
            *map(self._entity, _ENTITIES),
            Draft("interface I", ("id: ID!", self._annotated("n: Int", _ON_ENUM_VALUES))),
            Draft("union U", tuple(self._agreed(_ENTITIES))),
            Draft("type V @shareable", (self._field("V", "n"), self._field("V", "e"))),
            self._enum("E"),
            self._enum("G"),
            Draft("input F", self._inputs()),
            Draft(self._annotated("scalar D", _ON_SCALARS), ()),
            *self._entity_interface(),
        ]

    def _query(self) -> Draft:
        own = [f"{self._name}{type}: {type}" for type in ("P", "I", "U", "V")]
        place = "Q", "n"
        is_shared = len(self._plan.holders[place]) > 1 and not self._plan.overrides[place]
        is_provided = self._takes("Q") and is_shared and self._perhaps()
        provides = ' @provides(fields: "n")' if is_provided else ""
        own.append(f"{self._name}Q: Q{provides}")
        sent = f"{self._name}F(f: F, g: [G!]): Int"
        return Draft("type Query", (*own, sent, f"{self._field('Query', 'n')} @shareable"))

    def _entity(self, name: str) -> Draft:
        implements = " implements I" if name == "P" else ""
        held = [each for each in _TYPES if self._name in self._plan.holders[name, each]]
        lines = ["id: ID!", *(self._held(name, each) for each in held)]
        if self._takes(name):
            lines.append("n: Int @external")
            lines.append(f'{self._name}N: Int @requires(fields: "n")')
        return Draft(f'type {name}{implements} @key(fields: "id")', tuple(lines))

    def _entity_interface(self) -> list[Draft]:
        """The first subgraph has its implementers; others may add to all of them at once."""
        if self._name == _NAMES[0]:
            lines = ("id: ID!", self._annotated("m: Int", _ON_ENUM_VALUES))
            return [
                Draft('interface M @key(fields: "id")', lines),
                Draft('type R implements M @key(fields: "id")', ("id: ID!", "m: Int")),
            ]
        if self._perhaps():
            return []
        added = self._annotated(f"{self._name}M: Int", _ON_ENUM_VALUES)
        shared = "m: Int" if self._dissents() else "m: Int @external"
        needs = f'{self._name}O: Int @requires(fields: "m")'
        body = ("id: ID!", added, shared, needs)
        return [Draft('type M @key(fields: "id") @interfaceObject', body)]

    def _takes(self, entity: str) -> bool:
        """Whether others resolve the entity's number, and this subgraph needs it."""
        return self._name not in self._plan.holders[entity, "n"]

    def _held(self, entity: str, name: str) -> str:
        """A field that others may resolve too, or that is taken over from them."""
        place = entity, name
        holders = self._plan.holders[place]
        text = self._field(*place)
        if len(holders) == 1:
            return text
        if self._plan.overrides[place] and len(holders) == 2:
            if self._name == holders[0]:
                return text
            # The reference finds no way to what is required and taken over with a label.
            labels = ("",) if name == "n" else ("", ', label: "percent(5)"', ', label: "new"')
            label = self._random.choice(labels)
            return f'{text} @override(from: "{holders[0]}"{label})'
        return text if self._dissents() else f"{text} @shareable"

    def _field(self, type: str, name: str) -> str:
        arguments = self._plan.arguments[type, name]
        if self._dissents():
            arguments = self._random.choice(_ARGUMENTS)
        types = _TYPES[name]
        answer = self._random.choice(types) if self._dissents() else types[0]
        sent = f"({arguments})" if arguments and name != "n" else ""
        # Rights of an interface's implementers are a matter of their own.
        annotations = _ON_ENUM_VALUES if name == "n" else _ON_FIELDS
        return self._annotated(f"{name}{sent}: {answer}", annotations)

    def _enum(self, name: str) -> Draft:
        values = self._agreed(self._plan.values[name])
        extra = [value for value in _VALUES if value not in values and self._dissents()]
        return Draft(
            f"enum {name}",
            tuple(self._annotated(value, _ON_ENUM_VALUES) for value in (*values, *extra)),
        )

    def _inputs(self) -> tuple[str, ...]:
        chosen: Mapping[str, str] = {
            name: self._random.choice(texts) if self._dissents() else texts[0]
            for name, texts in _INPUTS.items()
        }
        kept = [text for text in chosen.values() if text and not self._dissents()]
        return tuple(self._annotated(text, _ON_INPUTS) for text in kept or ("p: Int",))

    def _agreed(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if not self._dissents()] or list(names)

    def _annotated(self, text: str, annotations: Sequence[str]) -> str:
        if self._random.random() >= self._plan.annotated:
            return text
        return f"{text} {self._random.choice(annotations)}"

    def _perhaps(self) -> bool:
        return self._random.random() < 0.5

    def _dissents(self) -> bool:
        return self._random.random() < self._plan.dissent
