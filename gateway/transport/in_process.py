"""A subgraph that runs inside the gateway."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from strawberry.schema.base import BaseSchema

from gateway.errors import SubgraphTimeout
from gateway.transport.answer import checked
from gateway.transport.request import RequestContext, SubgraphRequest


class InProcessTransport:
    """A `Send` to a Strawberry schema."""

    def __init__(
        self, name: str, schema: BaseSchema, make_context: Callable[[RequestContext], object]
    ) -> None:
        self._name = name
        self._schema = schema
        self._make_context = make_context

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        """Run one request. Raises `SubgraphError`."""
        try:
            async with asyncio.timeout_at(request.context.deadline):
                result = await self._schema.execute(
                    request.document,
                    variable_values=dict(request.variables),
                    context_value=self._make_context(request.context),
                    operation_name=request.operation_name,
                )
        except TimeoutError as error:
            raise SubgraphTimeout(self._name, "no answer in time") from error
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return checked(self._name, answer)
