"""What the federation answers is what a single server with all the data would answer."""

import random
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    validate,
)

from gateway.executor.execution import Executor
from gateway.executor.projection import compile_projection
from gateway.graph.query_graph import QueryGraph
from gateway.planner.planning import plan
from tests.support.plans import operation_of
from tests.support.subgraphs import a_context
from tests.support.universe import Universe
from tests.support.universes import UNIVERSES

OPERATIONS = 150
DEEPEST = 4


@cache
def universe(name: str) -> tuple[Universe, QueryGraph]:
    made = Universe(UNIVERSES[name])
    return made, QueryGraph(made.supergraph)


@pytest.mark.parametrize("name", UNIVERSES)
async def test_a_federation_answers_as_one_server_would(name: str) -> None:
    world, graph = universe(name)
    schema = world.supergraph.api_schema
    executor = Executor(world.subgraphs)

    for text in operations(schema, random.Random(name)):
        operation = operation_of(text, schema)
        projection = compile_projection(operation, schema, {})
        result = await executor.run(plan(graph, operation), projection, {}, a_context())

        expected = world.answer(text)
        # What the schema hides is null; graphql-core calls that an error, a gateway does not.
        assert all("does not exist inside" in error.message for error in expected.errors or ())
        assert (result.data, result.errors) == (expected.data, []), text


def operations(schema: GraphQLSchema, chance: random.Random) -> Iterator[str]:
    """Valid queries made by chance."""
    root = schema.query_type
    assert root is not None
    made = 0
    while made < OPERATIONS:
        text = selection(schema, root, chance, DEEPEST)
        if not validate(schema, parse(text)):
            made += 1
            yield text


def selection(
    schema: GraphQLSchema, type: GraphQLNamedType, chance: random.Random, depth: int
) -> str:
    """A selection set on a type."""
    parts = []
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
        fields = [
            (name, each) for name, each in type.fields.items() if depth > 1 or not _goes_on(each)
        ]
        for name, each in chance.sample(fields, chance.randint(0, len(fields))):
            parts.append(_asked(schema, name, each, chance, depth))
    if is_abstract_type(type):
        for possible in schema.get_possible_types(type):
            if chance.random() < 0.6:
                parts.append(f"... on {possible.name} {selection(schema, possible, chance, depth)}")
    if not parts or chance.random() < 0.2:
        parts.append("__typename")
    chance.shuffle(parts)
    return f"{{ {' '.join(parts)} }}"


def _asked(
    schema: GraphQLSchema, name: str, field: GraphQLField, chance: random.Random, depth: int
) -> str:
    alias = f"{chance.choice('xy')}: " if chance.random() < 0.15 else ""
    arguments = f'(id: "{chance.randint(1, 3)}")' if "id" in field.args else ""
    named = get_named_type(field.type)
    below = f" {selection(schema, named, chance, depth - 1)}" if is_composite_type(named) else ""
    return f"{alias}{name}{arguments}{below}"


def _goes_on(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))
