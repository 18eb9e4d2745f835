"""What is asked of a subgraph, whatever carries it there."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
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
Subscribe = Callable[[SubgraphRequest], AsyncGenerator[Mapping[str, Any], None]]


@dataclass(frozen=True, slots=True)
class Connections:
    """The ways to each subgraph, by name; `streams` to those that can be subscribed to."""

    requests: Mapping[str, Send]
    streams: Mapping[str, Subscribe] = field(default_factory=dict)
