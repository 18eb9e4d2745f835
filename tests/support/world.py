"""A world in which every value follows from what is asked: a monolith answers all of it, and each
subgraph its own part. What a federation answers must be what the monolith answers.

An entity is one of a few of its type, named `Type:n`; an object without identity is named by the
way to it. A field that @requires others has a value that follows from theirs.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)
from graphql.execution.values import get_argument_values

from tests.support.declarations import (
    Declarations,
    FieldSet,
    below,
    fields_on,
)
from tests.support.parts import Part, Parts

PER_TYPE: Final = 4
_MOST_ITEMS: Final = 3
#: One value in so many is null, or cannot be had.
_NULLS: Final = 9
_FAILURES: Final = 17


class Broken(Exception):
    """The value cannot be had, whoever is asked for it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object: its concrete type and its identity."""

    type: str
    id: str


class World:
    """The values of a supergraph's types. With `trouble` some fail or are null against their type.

    Raises `NoSuchWorld`.
    """

    def __init__(
        self, schema: GraphQLSchema, subgraphs: Mapping[str, Declarations], *, trouble: bool = False
    ) -> None:
        self._parts = Parts(schema, subgraphs)
        self._trouble = trouble
        self.kinds = self._parts.kinds
        self._query = schema.query_type.name if schema.query_type else None
        self._draw = lru_cache(100_000)(_draw)

    def value(self, owner: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a field of an object is: leaves, `Thing`s, None, lists of them.

        Raises `Broken`; an item that cannot be had is a `Broken`.
        """
        part = self._parts.by_field[owner.type, name]
        if name == "id" and part.steady:
            return owner.id
        told = {
            key: each
            for key, each in arguments.items()
            if key in part.declared.args
            and (key not in part.defaults or part.defaults[key] != each)
        }
        seed = f"{owner.id}.{name}"
        if told:
            seed += json.dumps(told, sort_keys=True)
        drawn = seed
        if part.requires:
            drawn += json.dumps(self.selected(owner, part.requires), sort_keys=True)
        value = self._made(part.declared.type, 0, part, seed, drawn)
        if isinstance(value, Broken):
            raise value
        return value

    def selected(self, owner: Thing, wanted: FieldSet) -> dict[str, Any]:
        """The values of a field set of an object, as JSON. Raises `Broken`."""
        found: dict[str, Any] = {}
        for each in fields_on(wanted, self.kinds[owner.type]):
            assert isinstance(each, FieldNode)
            name = each.name.value
            if name == "__typename":
                continue
            value = self._plain(self.asked(owner, each), below(each))
            known = found.get(name)
            found[name] = {**known, **value} if isinstance(known, dict) else value
        return found

    def asked(self, owner: Thing, node: FieldNode) -> Any:
        """The value of a field with the arguments that a field set gives it. As `value`."""
        name = node.name.value
        arguments = get_argument_values(self._parts.by_field[owner.type, name].declared, node)
        return self.value(owner, name, arguments)

    def entities(self, type: str) -> Iterator[Thing]:
        """All objects of an entity type, or of the types that implement an entity interface."""
        for each in self._parts.possible(type):
            for number in range(PER_TYPE):
                yield Thing(each, f"{each}:{number}")

    def _plain(self, value: Any, wanted: FieldSet) -> Any:
        if isinstance(value, Broken):
            raise value
        if isinstance(value, list):
            return [self._plain(each, wanted) for each in value]
        return self.selected(value, wanted) if isinstance(value, Thing) else value

    def _made(
        self, type: GraphQLOutputType, level: int, part: Part, identity: str, seed: str
    ) -> Any:
        if isinstance(type, GraphQLNonNull):
            type = type.of_type
        number = self._draw(seed)
        if not part.steady and self._is_absent(number, part, level):
            return None
        if self._trouble and part.breakable and number % _FAILURES == 1:
            return Broken(f"{identity} is broken")
        if isinstance(type, GraphQLList):
            items = 2 if part.steady else number % (_MOST_ITEMS + 1)
            return [
                self._made(type.of_type, level + 1, part, f"{identity}.{n}", f"{seed}.{n}")
                for n in range(items)
            ]
        if is_composite_type(type):
            return self._object(part, identity, number)
        return _leaf(type, part.choices, number)

    def _is_absent(self, number: int, part: Part, level: int) -> bool:
        if not part.firm[level]:
            return number % _NULLS == 0
        return self._trouble and part.breakable and number % (2 * _FAILURES) == 2

    def _object(self, part: Part, identity: str, number: int) -> Thing:
        concrete = part.choices[number // 7 % len(part.choices)]
        if concrete == self._query:
            return Thing(concrete, "root")
        if concrete in self._parts.entities:
            return Thing(concrete, f"{concrete}:{number // 11 % PER_TYPE}")
        return Thing(concrete, f"{concrete}({identity})")


def _draw(seed: str) -> int:
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=7).digest(), "big")


def _leaf(type: GraphQLOutputType, choices: Sequence[str], number: int) -> Any:
    if choices:
        return choices[number // 7 % len(choices)]
    match get_named_type(type).name:
        case "Int":
            return number % 1_000_003
        case "Float":
            return number % 1_000_003 / 8
        case "Boolean":
            return number // 7 % 2 == 0
        case "ID" | "String":
            return f"{number % 1_000_000_007:x}"
        case _:
            return _custom(number)


def _custom(number: int) -> Any:
    """A custom scalar's values may look like anything."""
    looks: list[Any] = [number % 97, f"{number % 97}", [number % 97, None], {"n": number % 97}]
    return looks[number // 7 % len(looks)]
