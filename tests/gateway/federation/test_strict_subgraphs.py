"""The subgraphs of these tests refuse what a real one would: a wrong request cannot go unseen."""

from collections import Counter
from typing import Any

import pytest

from gateway.transport.request import SubgraphRequest
from tests.support.running_subgraph import RunningSubgraph, Subgraph, by
from tests.support.subgraphs import a_context

SHED = """
type Query { tools: [Tool!]! }
type Tool @key(fields: "id") { id: ID! size: Size tags: [String!] length: Int }
type Spade @key(fields: "id", resolvable: false) { id: ID! }
type Size { cm: Int! kind: Kind }
enum Kind { BIG SMALL }
"""
ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Tool { length } } }"


async def asked(document: str, *representations: dict[str, Any]) -> Any:
    """What a subgraph answers that has one tool."""
    tool = {"__typename": "Tool", "id": "1", "length": 90}
    shed = Subgraph(SHED, {"Query": {"tools": [tool]}}, {"Tool": by("id", [tool])})
    variables = {"r": list(representations)}
    request = SubgraphRequest("shed", document, None, variables, a_context())
    return await RunningSubgraph("shed", shed, [], Counter())(request)


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"size": None},
        {"size": {"cm": 3}},
        {"size": {"__typename": "Size", "cm": 3, "kind": "BIG"}},
        {"tags": []},
        {"tags": ["old"], "length": 90},
    ],
)
async def test_an_entity_that_is_named_rightly_is_found(known: dict[str, Any]) -> None:
    answer = await asked(ENTITIES, {"__typename": "Tool", "id": "1", "length": 90, **known})

    assert answer == {"data": {"_entities": [{"length": 90}]}}


async def test_an_entity_that_is_not_there_is_null() -> None:
    answer = await asked(ENTITIES, {"__typename": "Tool", "id": "2"})

    assert answer == {"data": {"_entities": [None]}}


@pytest.mark.parametrize(
    "known",
    [
        {"id": None},
        {"length": "90"},
        {"size": "3"},
        {"size": {"cm": None}},
        {"size": {"cm": 3, "kind": "HUGE"}},
        {"size": {"mm": 30}},
        {"tags": "old"},
        {"tags": [None]},
        {"colour": "red"},
        {"__typename": "Kind"},
        {"__typename": "Saw"},
    ],
)
async def test_a_representation_of_another_shape_fails_the_test(known: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        await asked(ENTITIES, {"__typename": "Tool", "id": "1", **known})


@pytest.mark.parametrize(
    "document",
    [
        "{ saws { id } }",
        "{ tools { id { x } } }",
        "{ tools { size } }",
        "{ tools(first: 1) { id } }",
        "query ($unused: Int) { tools { id } }",
        ENTITIES.replace("Tool", "Spade"),
    ],
)
async def test_a_request_that_is_not_valid_fails_the_test(document: str) -> None:
    with pytest.raises(AssertionError):
        await asked(document)


async def test_a_value_that_an_object_does_not_have_is_an_error() -> None:
    answer = await asked("{ tools { length tags } }")

    assert answer["data"] == {"tools": [{"length": 90, "tags": None}]}
    assert [error["path"] for error in answer["errors"]] == [["tools", 0, "tags"]]
