"""A subgraph that answers more, or something else, than it was asked shows nobody more."""

from typing import Any

import pytest

from gateway.edge.connection import Connection
from gateway.pipeline import OperationRequest, assemble
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import Connections
from tests.support.composition import supergraph_of
from tests.support.subgraphs import Scripted
from tests.support.versions import some_settings

PEOPLE = """
    type Query { person: Person guest: Guest }
    interface Person { id: ID! email: String }
    type Guest implements Person @key(fields: "id") { id: ID! email: String }
    type Staff implements Person @key(fields: "id") {
      id: ID! email: String @authenticated pay: Int @authenticated
    }
"""
SECRET = {"email": "secret", "pay": 9, "id": "x", "more": {"secret": "secret"}}


@pytest.mark.parametrize(
    ("text", "answered", "expected"),
    [
        (
            "{ person { id } }",
            {"person": {"__typename": "Staff", **SECRET}, "guest": SECRET},
            {"person": {"id": "x"}},
        ),
        (
            "{ person { id ... on Guest { email } } }",
            {"person": {"__typename": "Staff", **SECRET}},
            {"person": {"id": "x"}},
        ),
        (
            "{ person { email } }",
            {"person": {"__typename": "Staff", **SECRET}},
            {"person": {"email": None}},
        ),
        ("{ person { email } }", {"person": {"__typename": "Nobody", **SECRET}}, {"person": None}),
        ("{ person { email } }", {"person": {"__typename": ["Guest"], **SECRET}}, {"person": None}),
        ("{ person { email } }", {"person": SECRET}, {"person": {"email": None}}),
    ],
)
async def test_what_was_not_asked_for_does_not_get_out(
    text: str, answered: dict[str, Any], expected: dict[str, Any]
) -> None:
    supergraph = read_supergraph(supergraph_of(PEOPLE))
    subgraph = Scripted([{"data": answered}])
    pipeline = assemble(supergraph, Connections({"a": subgraph}), some_settings())
    request = OperationRequest(text, None, {}, Connection(None, None))

    result = await pipeline.answer(request, pipeline.prepare(request))

    assert result.data == expected
    assert "secret" not in str(result)
