"""Small federations with rules, as the gateway runs them for some caller."""

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any
from uuid import UUID

from gateway.authentication.presence import Unknown
from gateway.authentication.principals import Caller
from gateway.authorization.policies import Policies
from gateway.edge.connection import Connection
from gateway.errors import RequestError
from gateway.pipeline import Frame, OperationRequest, assemble
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import Connections, SubgraphRequest
from kit.contract import Capability, PrincipalKind
from kit.principal import Principal
from tests.support.federation import Answer, composed
from tests.support.running_subgraph import RunningSubgraph, Subgraph
from tests.support.versions import some_settings

_BY_SCOPE = {each.scope: each for each in Capability}


def a_caller(*scopes: str, kind: PrincipalKind = PrincipalKind.CUSTOMER, number: int = 1) -> Caller:
    """Somebody with these scopes in one account."""
    held = frozenset(_BY_SCOPE[scope] for scope in scopes)
    principal = Principal(kind, UUID(int=number), accounts={UUID(int=1): held})
    return Caller(principal, principal.encode())


class Guarded:
    """Subgraphs by name behind one gateway, with policies and settings.

    `supergraph` is given where composition would refuse. `calls` are the requests that were sent,
    `resolved` counts the fields that subgraphs resolved, like "garage.Car.colour".
    """

    def __init__(
        self,
        subgraphs: Mapping[str, Subgraph],
        policies: Policies | None = None,
        *,
        supergraph: str | None = None,
        **told: Any,
    ) -> None:
        sources = tuple((name, f"{each.link}\n{each.sdl}") for name, each in subgraphs.items())
        self.calls: list[SubgraphRequest] = []
        self.resolved: Counter[str] = Counter()
        running = {
            name: RunningSubgraph(name, each, self.calls, self.resolved)
            for name, each in subgraphs.items()
        }
        self.pipeline = assemble(
            read_supergraph(supergraph or composed(sources)),
            Connections(dict(running), {name: each.subscribe for name, each in running.items()}),
            some_settings(**told),
            policies,
        )

    @property
    def asked(self) -> str:
        """All that subgraphs were sent, as text."""
        return "\n".join(call.document for call in self.calls)

    async def answer(self, text: str, caller: Caller | None = None, **variables: Any) -> Answer:
        """What this caller gets, refusals included."""
        request = _request(text, caller, variables)
        try:
            result = await self.pipeline.answer(request, self.pipeline.prepare(request))
        except RequestError as error:
            return Answer(None, [dict(each.formatted) for each in error.errors])
        return Answer(result.data, [dict(each.formatted) for each in result.errors or ()])

    async def frames(
        self, text: str, caller: Caller | None = None, **variables: Any
    ) -> list[Frame]:
        """All that a client gets that takes what is deferred later, or subscribes."""
        request = _request(text, caller, variables)
        document = self.pipeline.prepare(request)
        is_stream = text.lstrip().startswith("subscription")
        open_frames: Any = self.pipeline.subscribe if is_stream else self.pipeline.deliver
        async with aclosing(open_frames(request, document)) as frames:
            return [frame async for frame in frames]


def denied(answer: Answer) -> list[tuple[str, str]]:
    """What is denied and where: ("Staff.salary", "staff.0.pay")."""
    return [
        (error["extensions"]["coordinate"], ".".join(map(str, error.get("path", ()))))
        for error in answer.errors
        if error["extensions"]["code"] == "FORBIDDEN_FIELD"
    ]


def _request(text: str, caller: Caller | None, variables: dict[str, Any]) -> OperationRequest:
    connection = Connection(caller, None, Unknown(), None)
    return OperationRequest(text, None, variables, connection)
