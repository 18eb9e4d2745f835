"""Every field that clients know, and who gets it, by the rules that the gateway decides with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_abstract_type

from gateway.authorization.rules import Authorization
from gateway.supergraph.model import Rule, Supergraph
from portal.access.columns import Column
from portal.access.demands import Guards, guards_of
from portal.access.reach import reach

Coordinate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field for one column: where it reaches, or which coordinate's rule denies it.

    With neither, nothing leads there that the column may see.
    """

    marks: frozenset[str] = frozenset()
    denied_by: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells of each field, by column's code, and what guards the fields."""

    columns: tuple[Column, ...]
    rules: Mapping[str, Rule]
    guards: Guards
    cells: Mapping[Coordinate, Mapping[str, Cell]]


def matrix(supergraph: Supergraph, columns: tuple[Column, ...]) -> Matrix:
    """The cells of all fields of object types in the schema of clients."""
    found = guards_of(supergraph)
    authorization = Authorization(supergraph)
    schema = supergraph.api_schema
    cells: dict[Coordinate, dict[str, Cell]] = {field: {} for field in _fields(schema)}
    for column in columns:
        for field, cell in _column(column, schema, found, authorization).items():
            cells[field][column.code] = cell
    return Matrix(columns, supergraph.rules, found, cells)


def _column(
    column: Column, schema: GraphQLSchema, guards: Guards, authorization: Authorization
) -> Mapping[Coordinate, Cell]:
    denials = authorization.denials(column.audience)
    cells = {field: Cell() for field in _fields(schema)}
    arrived = {root.name: frozenset("+") for root in _roots(schema)}
    waiting = list(arrived)
    while waiting:
        type = waiting.pop()
        for name, field in _object(schema, type).fields.items():
            if (denial := denials.get((type, name))) is not None:
                cells[type, name] = Cell(denied_by=denial.coordinate)
                continue
            rules = guards.get((type, name), {}).values()
            own = reach(rules, column)
            marks = own if own != {"+"} else arrived[type]
            cells[type, name] = Cell(cells[type, name].marks | marks)
            for target in _objects(schema, get_named_type(field.type).name):
                if not marks <= arrived.get(target, frozenset()):
                    arrived[target] = arrived.get(target, frozenset()) | marks
                    waiting.append(target)
    return cells


def _roots(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return (root for root in roots if root is not None)


def _fields(schema: GraphQLSchema) -> Iterator[Coordinate]:
    for type in schema.type_map.values():
        if isinstance(type, GraphQLObjectType) and not type.name.startswith("__"):
            for name in type.fields:
                yield type.name, name


def _object(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    type = schema.type_map[name]
    assert isinstance(type, GraphQLObjectType)
    return type


def _objects(schema: GraphQLSchema, name: str) -> list[str]:
    type = schema.type_map[name]
    if isinstance(type, GraphQLObjectType):
        return [name]
    if is_abstract_type(type):
        return [possible.name for possible in schema.get_possible_types(type)]
    return []
