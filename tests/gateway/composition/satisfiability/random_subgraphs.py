"""Small sets of subgraphs made by chance, each by its seed.

Every field is @shareable, so that a value may come from several subgraphs at once. Labels and
@provides are left out: with them the reference takes states for alike that are not, and finds
less, or finds what is not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.support.composition import FEDERATION

_ENTITIES: Final = ("E", "F")
_VALUES: Final = ("V", "W")
_ABSTRACT: Final = ("I", "U")
_LEAVES: Final = ("Int", "ID!")


@dataclass(slots=True)
class _Type:
    """`fields` have their types by name; `marks` are directives of fields."""

    keyword: str = "type"
    keys: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    directives: str = ""


def random_subgraphs(seed: int) -> Mapping[str, str]:
    """Documents by name. Most sets keep all rules but perhaps those that a walk finds broken."""
    return _Set(Random(seed)).documents()


class _Set:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._subgraphs: dict[str, dict[str, _Type]] = {
            name: {} for name in "abcd"[: random.choice([2, 2, 3, 3, 4])]
        }
        types = ("Int", "Int", "Int", *_ENTITIES, *_VALUES, *_ABSTRACT)
        entities = {
            name: {f"f{number}": random.choice(types) for number in range(random.randint(2, 4))}
            for name in _ENTITIES
        }
        self._plan = entities | {
            "V": {"x": "Int", "y": "Int", "e": random.choice(("E", "F", "Int"))},
            "W": {"x": "Int", "z": random.choice(("Int", "E", "V"))},
        }
        # Its subgraph knows the interface's types under no other name.
        self._of_interface_object = random.choice(list(self._subgraphs)) if self._is(0.3) else None

    def documents(self) -> dict[str, str]:
        for name, types in self._subgraphs.items():
            self._take_entities(name, types)
            self._take_abstract(name, types)
            self._take_what_is_named(types)
        for name, types in self._subgraphs.items():
            self._require(name, types)
            self._override(name, types)
            self._take_roots(name, types)
        return {
            name: "\n".join((FEDERATION, *_printed(types)))
            for name, types in self._subgraphs.items()
            if types
        }

    def _take_entities(self, name: str, types: dict[str, _Type]) -> None:
        for entity in _ENTITIES if name != self._of_interface_object else ():
            if self._is(0.65):
                plan = {"id": "ID!", **self._plan[entity]}
                fields = {key: of for key, of in plan.items() if key == "id" or self._is(0.45)}
                if self._is(0.3):
                    fields["sku"] = "ID!"
                types[entity] = _Type(fields=fields, keys=list(self._keys(fields)))

    def _keys(self, fields: Mapping[str, str]) -> Iterator[str]:
        possible = {"id": "id", "sku": "sku"}
        possible |= {name: f"{name} {{ x }}" for name, of in fields.items() if of in _VALUES}
        possible |= {name: f"{name} {{ id }}" for name, of in fields.items() if of in _ENTITIES}
        for name in fields:
            if name in possible and self._is(0.6 if possible[name] == name else 0.15):
                yield f'@key(fields: "{possible[name]}"{self._resolvable()})'

    def _resolvable(self) -> str:
        return ", resolvable: false" if self._is(0.15) else ""

    def _take_abstract(self, name: str, types: dict[str, _Type]) -> None:
        key = f'@key(fields: "id"{self._resolvable()})'
        if name == self._of_interface_object:
            fields = {"id": "ID!", "g": self._random.choice(("Int", "V"))}
            types["I"] = _Type(keys=[key], fields=fields, directives="@interfaceObject")
            return
        if self._of_interface_object is not None and self._is(0.8):
            for entity in _ENTITIES:
                keyed = types.setdefault(entity, _Type(fields={"id": "ID!"}))
                keyed.keys = sorted({'@key(fields: "id")', *keyed.keys})
            types["I"] = _Type("interface", [key], {"id": "ID!"}, members=_ENTITIES)
        known = tuple(entity for entity in _ENTITIES if entity in types)
        if known and self._of_interface_object is None:
            types["I"] = _Type("interface", [], {"id": "ID!"}, members=known)
        members = tuple(one for one in (*known, "V") if self._is(0.7)) or known[:1]
        if members:
            types["U"] = _Type("union", members=members)

    def _take_what_is_named(self, types: dict[str, _Type]) -> None:
        """Some of a value's fields; an entity's key; no type that the subgraph cannot have."""
        pending = list(types)
        while pending:
            type = types[pending.pop()]
            for name, of in list(type.fields.items()):
                if of in _ABSTRACT and of not in types:
                    del type.fields[name]
            named = {*type.fields.values(), *type.members}
            for of in sorted(named - {*types, *_LEAVES}):
                types[of] = self._stub(of)
                pending.append(of)

    def _stub(self, name: str) -> _Type:
        if name in _ENTITIES:
            return _Type(keys=['@key(fields: "id")'] if self._is(0.6) else [], fields={"id": "ID!"})
        plan = self._plan[name]
        return _Type(fields={key: of for key, of in plan.items() if key == "x" or self._is(0.6)})

    def _require(self, name: str, types: dict[str, _Type]) -> None:
        """One field that needs another, which only other subgraphs have."""
        for entity in _ENTITIES:
            type = types.get(entity, _Type())
            own = [key for key in type.fields if key in self._plan[entity]]
            others = [
                key
                for key, of in self._plan[entity].items()
                if key not in type.fields and of == "Int" and self._is_elsewhere(name, entity, key)
            ]
            # By a key that is not resolvable nobody can bring what is required.
            if own and others and any("resolvable" not in key for key in type.keys):
                needed = self._random.choice(others)
                type.fields[needed] = "Int"
                type.marks[needed] = "@external"
                type.marks[self._random.choice(own)] = f'@requires(fields: "{needed}") @shareable'

    def _is_elsewhere(self, name: str, entity: str, key: str) -> bool:
        others = (types for other, types in self._subgraphs.items() if other != name)
        return any(key in types[entity].fields for types in others if entity in types)

    def _override(self, name: str, types: dict[str, _Type]) -> None:
        for other, theirs in self._subgraphs.items():
            for entity in _ENTITIES if other != name else ():
                if entity not in types or entity not in theirs or not self._is(0.2):
                    continue
                type, their = types[entity], theirs[entity]
                free = type.fields.keys() & their.fields.keys() - type.marks.keys()
                if names := sorted(free - their.marks.keys() - {"id"}):
                    taken = self._random.choice(names)
                    type.marks[taken] = f'@override(from: "{other}") @shareable'
                    their.marks[taken] = "@shareable"

    def _take_roots(self, name: str, types: dict[str, _Type]) -> None:
        roots = {f"q{of}" if self._is(0.6) else f"q{of}{name}": of for of in types if self._is(0.5)}
        is_last = name == list(self._subgraphs)[-1]
        if roots or is_last:
            types["Query"] = _Type(fields=roots or {"q": "Int"})

    def _is(self, probability: float) -> bool:
        return self._random.random() < probability


def _printed(types: Mapping[str, _Type]) -> Iterator[str]:
    interface = types.get("I", _Type())
    for name, type in types.items():
        if type.keyword == "union":
            yield f"union {name} = {' | '.join(type.members)}"
            continue
        implements = " implements I" if name in interface.members else ""
        default = "@shareable" if type.keyword == "type" else ""
        fields = (f"{key}: {of} {type.marks.get(key, default)}" for key, of in type.fields.items())
        head = f"{type.keyword} {name}{implements} {' '.join(type.keys)} {type.directives}"
        yield f"{head} {{ {' '.join(fields)} }}"
