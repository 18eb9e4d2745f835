"""The gateway's whole pipeline over a universe with rules, and callers who hold some scopes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from strawberry.types.execution import ExecutionResult

from gateway.authentication.principals import Caller
from gateway.errors import OperationForbidden
from gateway.pipeline import OperationRequest, assemble
from gateway.settings import EngineSettings, Profile
from gateway.transport.request import Connections, Send, SubgraphRequest
from kit.contract import Capability, PrincipalKind
from kit.principal import Principal
from tests.fuzz.federated import Answer
from tests.fuzz.operations import Asked
from tests.support.course import Course
from tests.support.universe import Universe

_BY_SCOPE: Final = {each.scope: each for each in Capability}
_ACCOUNT: Final = UUID(int=1)


@dataclass(frozen=True, slots=True)
class _Connection:
    """What the edge knows of a request."""

    caller: Caller | None
    accept_language: str | None = None


class Guarded:
    """Runs operations in somebody's name. One operation at a time; every cache is on."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        #: The last operation's way through the subgraphs.
        self.course = Course()
        self._sends: Mapping[str, Send] = {}
        sends = dict.fromkeys(universe.subgraphs, self._send)
        settings = EngineSettings(profile=Profile.DEVELOPMENT)
        self._pipeline = assemble(universe.supergraph, Connections(sends), settings)

    async def answer(self, asked: Asked) -> Answer:
        """Raises `RequestError` but for a mutation that is denied, and `Misuse` of a subgraph."""
        self.course = Course()
        self._sends = self._universe.sends(self.course)
        connection = _Connection(_caller(asked.held))
        request = OperationRequest(asked.text, None, asked.variables, connection)
        document = self._pipeline.prepare(request)
        try:
            result = await self._pipeline.answer(request, document)
        except OperationForbidden as error:
            result = ExecutionResult(None, list(error.errors))
        errors: list[Any] = [each.formatted for each in result.errors or ()]
        return Answer(result.data, errors)

    async def _send(self, request: SubgraphRequest) -> Mapping[str, Any]:
        answer = await self._sends[request.subgraph](request)
        read: dict[str, Any] = json.loads(json.dumps(answer))
        return read


def _caller(held: frozenset[str] | None) -> Caller | None:
    if held is None:
        return None
    capabilities = frozenset(_BY_SCOPE[each] for each in held)
    principal = Principal(
        kind=PrincipalKind.CUSTOMER, id=_ACCOUNT, accounts={_ACCOUNT: capabilities}
    )
    return Caller(principal, principal.encode())
