"""Operations made by chance are usable, repeatable and various."""

from random import Random

import pytest
from graphql import build_schema, print_ast, validate

from tests.gateway.planner.oracle.chance import operations_by_chance

SCHEMA = build_schema("""
    type Query { pets(first: Int!, kind: Kind, near: Point): [Pet!]! owner: Owner found: [Found] }
    type Mutation { adopt(pet: ID!): Owner }
    interface Pet { id: ID! owner: Owner }
    type Dog implements Pet { id: ID! owner: Owner barks(at: Float): Boolean }
    type Cat implements Pet { id: ID! owner: Owner }
    type Owner { name: String pets: [Pet!] }
    union Found = Dog | Owner
    enum Kind { TAME WILD }
    input Point { x: Float! y: Float }
""")


def test_each_is_valid_and_none_is_there_twice() -> None:
    made = operations_by_chance(SCHEMA, Random(1), 40)

    assert [validate(SCHEMA, document) for document in made.values()] == [[]] * 40
    assert len({print_ast(document) for document in made.values()}) == 40


def test_the_same_chance_makes_the_same_operations() -> None:
    one, other = (operations_by_chance(SCHEMA, Random(7), 20) for _ in range(2))

    assert [*map(print_ast, one.values())] == [*map(print_ast, other.values())]


@pytest.mark.parametrize(
    "part",
    [
        "mutation",
        "@include(if: $one)",
        "@skip(if: $two)",
        "... on Pet",
        "... on Dog",
        "... on Found",
        "first: 2",
        "kind: TAME",
        "near: { x: 1.5 }",
        "x: owner",
        "__typename",
    ],
)
def test_every_part_of_the_language_comes_up(part: str) -> None:
    made = operations_by_chance(SCHEMA, Random(3), 200)

    assert part in "\n".join(map(print_ast, made.values()))
