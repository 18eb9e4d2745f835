"""Objects without a key that two subgraphs answer together, each with fields of its own."""

from typing import Any

import pytest
from graphql import OperationType, build_schema

from gateway.errors import SubgraphUnavailable
from gateway.executor.execution import Executor, Result
from gateway.executor.projection import compile_projection
from gateway.plan.fetch import Fetch, Plan
from tests.support.plans import operation_of
from tests.support.subgraphs import Answer, Scripted, a_context, data

SCHEMA = build_schema("""
  type Query { shop: Shop shops: [Shop] }
  type Shop { name: String size: Int place: Place }
  type Place { town: String zip: String }
""")
DOWN = SubgraphUnavailable("b", "down")


async def run(text: str, first: Answer, second: Answer) -> Result:
    """Ask `a` and then `b` for the same root fields."""
    operation = operation_of(text, SCHEMA)
    keys = frozenset(field.key for field in operation.roots)
    fetches = (
        Fetch(0, "a", OperationType.QUERY, "{a}", None, (), keys),
        Fetch(1, "b", OperationType.QUERY, "{b}", None, (), keys, depends_on=frozenset({0})),
    )
    executor = Executor({"a": Scripted([first]), "b": Scripted([second])})
    projection = compile_projection(operation, SCHEMA, {})
    return await executor.run(Plan(OperationType.QUERY, fetches), projection, {}, a_context())


def missing(result: Result) -> list[list[Any]]:
    return [error["path"] for error in result.errors]


async def test_both_make_one_object() -> None:
    result = await run("{ shop { name size } }", data(shop={"name": "N"}), data(shop={"size": 1}))

    assert result == Result({"shop": {"name": "N", "size": 1}}, [])


@pytest.mark.parametrize("order", [1, -1])
async def test_what_one_of_them_owes_is_null_with_an_error(order: int) -> None:
    answers: list[Answer] = [data(shop={"name": "N", "place": {"town": "T"}}), DOWN]
    first, second = answers[::order]

    result = await run("{ shop { name size place { town zip } } }", first, second)

    assert result.data == {"shop": {"name": "N", "size": None, "place": {"town": "T", "zip": None}}}
    assert missing(result) == [["shop", "size"], ["shop", "place", "zip"]]
    assert {error["extensions"]["service"] for error in result.errors} == {"b"}


async def test_an_object_that_one_of_them_could_not_make_costs_its_share_only() -> None:
    failed: Answer = {
        "data": {"shops": [None, {"size": 2}]},
        "errors": [{"message": "no", "path": ["shops", 0]}],
    }

    result = await run(
        "{ shops { name size } }", data(shops=[{"name": "N"}, {"name": "M"}]), failed
    )

    assert result.data == {"shops": [{"name": "N", "size": None}, {"name": "M", "size": 2}]}
    assert missing(result) == [["shops", 0, "size"]]


async def test_a_null_beside_the_one_that_an_error_names_is_explained_too() -> None:
    failed: Answer = {"data": None, "errors": [{"message": "no", "path": ["shops", 0, "size"]}]}

    result = await run("{ shop { size } shops { size } }", data(), failed)

    assert result.data == {"shop": None, "shops": None}
    assert missing(result) == [["shop"], ["shops", 0, "size"]]
