"""A subgraph of a universe: graphql-core over its own schema, with `_entities`.

It is strict: a document that is not valid for it, a field it must not be asked for (@external
without @provides, taken over by @override), a representation without a whole key, or with other
values than the object has, is a `Misuse`, not an error among the answer's errors.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_ast_schema,
    parse,
    validate,
)

from gateway.transport.request import Send, SubgraphRequest
from tests.support.course import Course, executed
from tests.support.declarations import (
    Declarations,
    DeclaredField,
    DeclaredKey,
    FieldSet,
    below,
    fields_on,
)
from tests.support.world import Thing, World

_MACHINERY: Final = """
scalar _Any
scalar FieldSet
directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @external on OBJECT | FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE
  | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
directive @interfaceObject on OBJECT
"""


class Misuse(Exception):
    """A subgraph was asked what it must not be asked. `sort` says in which way."""

    def __init__(self, sort: str, detail: str) -> None:
        super().__init__(f"{sort}: {detail}")
        self.sort = sort


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as a subgraph has it: what a representation says, what a @provides allows."""

    thing: Thing
    known: Mapping[str, Any] = field(default_factory=dict)
    provided: FieldSet = ()


class FakeSubgraph:
    """A subgraph of the universe: graphql-core over its own schema, with `_entities`."""

    def __init__(
        self, world: World, declared: Mapping[str, Declarations], name: str, sdl: str
    ) -> None:
        self._world = world
        self._declared = declared
        self._name = name
        self._schema = _schema(sdl, declared[name])
        self._document = lru_cache(1_000)(self._checked)

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """Answer a request. Raises `Misuse`."""
        return await self.during(Course())(request)

    def during(self, course: Course) -> Send:
        """The subgraph as it answers one operation."""

        async def send(request: SubgraphRequest) -> Mapping[str, Any]:
            visit = _Visit(self._world, self._declared, self._name, course)
            result = executed(
                self._schema,
                self._document(request.document),
                request.variables,
                visit.resolve,
                lambda seen, *_: visit.known_as(seen.thing),
            )
            for misuse in visit.misuses:
                raise Misuse(misuse.sort, f"{misuse} in {self._name}: {request.document}")
            answer: dict[str, Any] = {"data": result.data}
            if result.errors:
                answer["errors"] = [error.formatted for error in result.errors]
            return answer

        return send

    def _checked(self, text: str) -> DocumentNode:
        document = parse(text)
        errors = validate(self._schema, document)
        if errors:
            sort = re.sub(r"'[^']*'", "…", errors[0].message)
            raise Misuse(sort, f"{errors[0].message} in {self._name}: {text}")
        return document


@dataclass(slots=True)
class _Visit:
    """One request being answered."""

    world: World
    declared: Mapping[str, Declarations]
    name: str
    course: Course
    misuses: list[Misuse] = field(default_factory=list)

    @property
    def types(self) -> Declarations:
        return self.declared[self.name]

    def resolve(self, owner: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        try:
            return self._resolve(owner, info, arguments)
        except Misuse as misuse:
            self.misuses.append(misuse)
            return None

    def _resolve(
        self, owner: Seen | None, info: GraphQLResolveInfo[Any], arguments: Mapping[str, Any]
    ) -> Any:
        if info.field_name == "_entities":
            return [self._found(each) for each in arguments["representations"]]
        seen = owner or Seen(self.course.root(info, arguments))
        self.course.asked.add((seen.thing.type, info.field_name))
        declared = self.types[info.parent_type.name].fields[info.field_name]
        provided = self._provided(seen, info.field_name)
        if not self._may_ask(info.parent_type.name, declared) and provided is None:
            raise Misuse("not answered here", f"{info.parent_type.name}.{info.field_name}")
        self._check_requirement(seen, declared)
        value = self.world.value(seen.thing, info.field_name, arguments)
        return _seen(value, (*declared.provides, *(provided or ())))

    def known_as(self, thing: Thing) -> str:
        """The type here: an interface object hides what the object is."""
        if thing.type in self.types:
            return thing.type
        kinds = self.world.kinds[thing.type]
        return next(
            (kind for kind in kinds if kind in self.types and self.types[kind].interface_object),
            thing.type,
        )

    def _provided(self, seen: Seen, name: str) -> FieldSet | None:
        """What a @provides on the way here allows below this field; None if it allows nothing."""
        kinds = self.world.kinds[seen.thing.type]
        asked = [
            each
            for each in fields_on(seen.provided, kinds)
            if isinstance(each, FieldNode) and each.name.value == name
        ]
        return tuple(inner for each in asked for inner in below(each)) if asked else None

    def _may_ask(self, type: str, declared: DeclaredField) -> bool:
        if declared.external:
            return any(
                isinstance(each, FieldNode) and each.name.value == declared.name
                for key in self.types[type].keys
                for each in key.fields
            )
        if declared.label is not None and declared.label not in self.course.labels:
            return False
        return not any(
            taker.taken_from == self.name
            and (taker.label is None or taker.label in self.course.labels)
            for other, types in self.declared.items()
            if other != self.name and type in types
            for taker in [types[type].fields.get(declared.name)]
            if taker is not None
        )

    def _check_requirement(self, seen: Seen, declared: DeclaredField) -> None:
        if not declared.requires:
            return
        expected = self.world.selected(seen.thing, declared.requires)
        given = self._given(seen.thing, seen.known, declared.requires)
        if given != expected:
            raise Misuse("other than required", f"{declared.name}: {given}, not {expected}")

    def _found(self, representation: Mapping[str, Any]) -> Seen:
        """The object that a representation names by a whole key."""
        name = representation["__typename"]
        declared = self.types.get(name)
        if declared is None or not declared.keys:
            raise Misuse("no entity here", name)
        for key in declared.keys:
            if key.resolvable:
                for thing in self.world.entities(name):
                    if self._is_named(thing, key, representation):
                        return Seen(thing, representation)
        raise Misuse("names no object", str(representation))

    def _is_named(self, thing: Thing, key: DeclaredKey, given: Mapping[str, Any]) -> bool:
        expected = self.world.selected(thing, key.fields)
        named: bool = self._given(thing, given, key.fields) == expected
        return named

    def _given(self, thing: Thing, known: Any, wanted: Sequence[Any]) -> Any:
        """What of a representation a field set selects."""
        found: dict[str, Any] = {}
        for each in fields_on(wanted, self.world.kinds[thing.type]):
            assert isinstance(each, FieldNode)
            name = each.name.value
            if name == "__typename" or not isinstance(known, Mapping) or name not in known:
                continue
            found[name] = known[name]
            inner = below(each)
            if inner:
                value = self.world.asked(thing, each)
                found[name] = self._given_below(value, known[name], inner)
        return found

    def _given_below(self, value: Any, known: Any, wanted: FieldSet) -> Any:
        if isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
            pairs = zip(value, known, strict=True)
            return [self._given_below(one, other, wanted) for one, other in pairs]
        return self._given(value, known, wanted) if isinstance(value, Thing) else known


def _seen(value: Any, provided: FieldSet) -> Any:
    if isinstance(value, list):
        return [_seen(each, provided) for each in value]
    return Seen(value, provided=provided) if isinstance(value, Thing) else value


def _schema(sdl: str, types: Declarations) -> GraphQLSchema:
    entities = sorted(
        name
        for name, type in types.items()
        if type.keys and (name in type.possible or type.interface_object)
    )
    extra = ""
    if entities:
        query = "extend type Query" if "Query" in types else "type Query"
        extra = (
            f"union _Entity = {' | '.join(entities)}\n"
            f"{query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
        )
    return build_ast_schema(parse(f"{_MACHINERY}{sdl}\n{extra}"), assume_valid=True)
