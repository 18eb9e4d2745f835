"""Operations that reach every field of a schema: which of them does the gateway deny?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

Coordinate = tuple[str, str]

#: Values of scalars with which the operation is valid; what they name need not exist.
_SCALARS: Final = {
    "ID": '"nothing"',
    "String": '"x"',
    "Int": "1",
    "Float": "1",
    "Boolean": "true",
    "Decimal": '"1"',
    "Date": '"2026-01-01"',
    "DateTime": '"2026-01-01T00:00:00Z"',
    "URL": '"https://example.com/"',
}
#: Far from the limits on fields and aliases of one operation.
_AT_ONCE: Final = 30
_BETWEEN: Final = "__"


@dataclass(frozen=True)
class Way:
    """A selection around the fields of a type: `{ node(id: "…") { ... on Case {` and the ends."""

    type: str
    head: str
    tail: str


@dataclass(frozen=True)
class Prober:
    """Makes operations for a schema. `ids` are global ids of things that exist, by type."""

    schema: GraphQLSchema
    ids: Mapping[str, str]

    def ways(self, allowed: Callable[[Coordinate], bool]) -> list[Way]:
        """One way to each type that can be reached by fields that are allowed, the shortest."""
        assert self.schema.query_type is not None
        starts = [Way(self.schema.query_type.name, "{", "}")]
        if allowed(("Query", "node")):
            starts += [
                Way(type, f'{{ node(id: "{id}") {{ ... on {type} {{', "} } }")
                for type, id in self.ids.items()
            ]
        found = {way.type: way for way in starts}
        waiting = list(found.values())
        for way in waiting:
            for name, field in self._type(way.type).fields.items():
                target = get_named_type(field.type)
                is_new = isinstance(target, GraphQLObjectType) and target.name not in found
                if is_new and allowed((way.type, name)):
                    selection = f"{name}{self._arguments(way.type, name, field)}"
                    further = Way(target.name, f"{way.head} {selection} {{", f"}} {way.tail}")
                    found[target.name] = further
                    waiting.append(further)
        return list(found.values())

    def operations(self, way: Way, names: Iterable[str]) -> Iterator[str]:
        """Operations that ask for these fields of the type; the alias says which is which."""
        wanted = list(names)
        for at in range(0, len(wanted), _AT_ONCE):
            fields = (self._field(way.type, name) for name in wanted[at : at + _AT_ONCE])
            yield f"{way.head} __typename {' '.join(fields)} {way.tail}"

    def denials(self, way: Way, names: Iterable[str]) -> Iterator[str]:
        """The same for fields that should be denied: one that cannot be null is asked for alone,
        because it takes what is beside it away with it."""
        firm, loose = list[str](), list[str]()
        for name in names:
            (firm if self._is_firm(way.type, name) else loose).append(name)
        yield from self.operations(way, loose)
        for name in firm:
            yield from self.operations(way, [name])

    def mutations(self, names: Iterable[str], denied: str) -> Iterator[str]:
        """Operations with these mutations, each with one that is denied: so none of them runs."""
        wanted = [name for name in names if name != denied]
        for start in range(0, len(wanted), _AT_ONCE):
            together = [denied, *wanted[start : start + _AT_ONCE]]
            yield f"mutation {{ {' '.join(self._field('Mutation', name) for name in together)} }}"

    def _is_firm(self, type: str, name: str) -> bool:
        return isinstance(self._type(type).fields[name].type, GraphQLNonNull)

    def _field(self, type: str, name: str) -> str:
        field = self._type(type).fields[name]
        below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
        return f"{type}{_BETWEEN}{name}: {name}{self._arguments(type, name, field)}{below}"

    def _arguments(self, type: str, name: str, field: GraphQLField) -> str:
        given = []
        for key, argument in field.args.items():
            if key == "id" and get_named_type(field.type).name in self.ids:
                given.append(f'id: "{self.ids[get_named_type(field.type).name]}"')
            elif key == "accountId":
                given.append(f'accountId: "{self.ids["Account"]}"')
            elif is_required_argument(argument):
                given.append(f"{key}: {_literal(argument.type)}")
        return f"({', '.join(given)})" if given else ""

    def _type(self, name: str) -> GraphQLObjectType:
        type = self.schema.type_map[name]
        assert isinstance(type, GraphQLObjectType)
        return type


def denied_in(answer: Mapping[str, Any]) -> set[Coordinate]:
    """The fields that the answer says are forbidden, by their aliases."""
    paths = [
        error["path"]
        for error in answer.get("errors", ())
        if error["extensions"]["code"] == "FORBIDDEN_FIELD"
    ]
    aliases = [[part for part in path if isinstance(part, str)][-1] for path in paths]
    return {(type, name) for type, _, name in (each.partition(_BETWEEN) for each in aliases)}


def refused(answer: Mapping[str, Any]) -> list[Any]:
    """Errors of any other kind than a denied field or a row that is not there."""
    return [
        error
        for error in answer.get("errors", ())
        if error["extensions"]["code"] not in ("FORBIDDEN_FIELD", "NOT_FOUND")
    ]


def _literal(type: Any) -> str:
    if isinstance(type, GraphQLNonNull):
        return _literal(type.of_type)
    if isinstance(type, GraphQLList):
        return f"[{_literal(type.of_type)}]"
    if isinstance(type, GraphQLEnumType):
        first: str = next(iter(type.values))
        return first
    if isinstance(type, GraphQLInputObjectType):
        required = (
            f"{name}: {_literal(field.type)}"
            for name, field in type.fields.items()
            if is_required_input_field(field)
        )
        return f"{{{', '.join(required)}}}"
    return _SCALARS[type.name]
