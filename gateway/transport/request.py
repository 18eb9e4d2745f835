"""What is asked of a subgraph, whatever carries it there."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.authentication.principals import Caller


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What all requests of one operation share. `deadline` is on the event loop's clock."""

    caller: Caller | None
    accept_language: str | None
    deadline: float


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL request."""

    subgraph: str
    document: str
    operation_name: str | None
    variables: Mapping[str, Any]
    context: RequestContext


#: Sends a request and gives the answer: an object whose `data` is an object or null, and whose
#: `errors`, if any, are objects with a message. Raises `SubgraphError`.
Send = Callable[[SubgraphRequest], Awaitable[Mapping[str, Any]]]

#: Subscribes and gives an answer for each event, until the stream ends. Raises `SubgraphError`.
Subscribe = Callable[[SubgraphRequest], AsyncIterator[Mapping[str, Any]]]
