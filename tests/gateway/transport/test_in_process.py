"""A subgraph that runs inside the gateway."""

import asyncio
from typing import Any

import pytest
import strawberry

from gateway.errors import SubgraphTimeout
from gateway.transport.in_process import InProcessTransport
from gateway.transport.request import RequestContext, SubgraphRequest
from kit.subgraph.schema import Subgraph

Info = strawberry.Info[str | None, None]


@strawberry.type
class Query:
    """What the context says, an echo, a wait without end, and a fault."""

    @strawberry.field
    def language(self, info: Info) -> str | None:
        return info.context

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    async def never(self) -> str | None:
        await asyncio.Event().wait()
        return None

    @strawberry.field
    def fault(self) -> str | None:
        raise RuntimeError("select * from secrets")


async def answer(
    document: str, name: str | None = None, *, left: float = 60, **variables: Any
) -> Any:
    transport = InProcessTransport(
        "inside", Subgraph(Query), lambda context: context.accept_language
    )
    deadline = asyncio.get_running_loop().time() + left
    context = RequestContext(caller=None, accept_language="fr", deadline=deadline)
    return await transport(SubgraphRequest("inside", document, name, variables, context))


async def test_the_requests_context_reaches_the_resolvers() -> None:
    assert await answer("{ language }") == {"data": {"language": "fr"}}


async def test_the_named_operation_runs_with_its_variables() -> None:
    document = "query A { language } query B($t: String!) { echo(text: $t) }"

    assert await answer(document, "B", t="hello") == {"data": {"echo": "hello"}}


async def test_a_fault_is_an_error_at_its_field_and_masked() -> None:
    found = await answer("{ language fault }")

    assert found["data"] == {"language": "fr", "fault": None}
    [error] = found["errors"]
    assert error["path"] == ["fault"]
    assert "secrets" not in error["message"]


async def test_what_never_ends_is_given_up_at_the_deadline() -> None:
    with pytest.raises(SubgraphTimeout):
        await answer("{ never }", left=0.05)


@pytest.mark.parametrize("document", ["{", "{ nothing }", "query ($t: String!) { echo(text: $t) }"])
async def test_what_cannot_run_is_answered_by_errors_alone(document: str) -> None:
    found = await answer(document)

    assert found["data"] is None
    assert found["errors"]
