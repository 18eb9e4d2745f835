"""The errors of the gateway.

    GatewayError
      RequestError            the request's own fault; its text is safe to show
        DocumentError           syntax, validation, variables: any number of GraphQL errors
        LimitExceeded
        OperationRefused        not an operation that may run this way
        PlanTooComplex
        NoPlan
        OperationForbidden
      SubgraphError           one request to a subgraph failed; it costs its own fields
        SubgraphUnavailable
        SubgraphTimeout
        SubgraphBadAnswer
        SubgraphBadRequest
      InvalidSupergraph       the supergraph cannot be read
        CompositionFailed     its subgraphs do not compose
        InvalidMember         its subgraphs are not named as they should be
      SupergraphUnavailable   nobody knows what its source holds
      NoSource                nothing names it, or more than one thing does

`code` is public API.
"""

from collections.abc import Sequence
from typing import ClassVar

from graphql import GraphQLError


class GatewayError(Exception):
    """Anything that the gateway itself says is wrong."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"


class RequestError(GatewayError):
    """The request is refused before any subgraph hears of it."""

    code = "BAD_REQUEST"

    @property
    def errors(self) -> list[GraphQLError]:
        """What the client reads."""
        return [GraphQLError(str(self), extensions={"code": self.code})]


class DocumentError(RequestError):
    """The document, or its variables, do not fit the schema."""

    def __init__(self, code: str, found: Sequence[GraphQLError]) -> None:
        super().__init__(found[0].message if found else code)
        self._code = code
        self._found = tuple(found)

    @property
    def errors(self) -> list[GraphQLError]:
        """Each with its place in the document."""
        return [
            GraphQLError(
                error.message,
                source=error.source,
                positions=error.positions,
                extensions={"code": self._code},
            )
            for error in self._found
        ]


class LimitExceeded(RequestError):
    """The document asks more than one request may."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"This operation goes over the limit of {limit} for {name}.")


class OperationRefused(RequestError):
    """The operation may not run over this transport, or cannot be told from others."""

    code = "OPERATION_REFUSED"


class PlanTooComplex(RequestError):
    """Planning would cost more than its budget."""

    code = "QUERY_PLAN_TOO_COMPLEX"


class NoPlan(RequestError):
    """A field that no subgraph can answer where it is asked for."""

    code = "QUERY_PLAN_IMPOSSIBLE"


class OperationForbidden(RequestError):
    """A mutation that the caller may not run: nothing of the operation is done."""

    code = "FORBIDDEN_FIELD"

    def __init__(self, found: Sequence[GraphQLError]) -> None:
        super().__init__("The operation is forbidden.")
        self._found = tuple(found)

    @property
    def errors(self) -> list[GraphQLError]:
        """One for each denied root field."""
        return list(self._found)


class SubgraphError(GatewayError):
    """One request to a subgraph failed. The client reads `code` and the subgraph's name."""

    code = "SUBGRAPH_UNAVAILABLE"
    sentence: ClassVar[str] = "This service cannot be reached."

    def __init__(self, subgraph: str, reason: str) -> None:
        super().__init__(f"{subgraph}: {reason}")
        self.subgraph = subgraph
        self.reason = reason


class SubgraphUnavailable(SubgraphError):
    """No connection, or a status that is no answer."""


class SubgraphTimeout(SubgraphError):
    """No answer in time."""

    code = "SUBGRAPH_TIMEOUT"
    sentence = "This service did not answer in time."


class SubgraphBadAnswer(SubgraphError):
    """An answer that is no GraphQL answer."""

    code = "SUBGRAPH_BAD_ANSWER"
    sentence = "This service gave an answer that cannot be read."


class SubgraphBadRequest(SubgraphError):
    """A request that cannot be written as JSON: its values are nested too deep, for instance."""

    code = "SUBGRAPH_BAD_REQUEST"
    sentence = "What this service would be asked cannot be sent to it."


class InvalidSupergraph(GatewayError):
    """The supergraph cannot be read: which part, and why."""

    code = "INVALID_SUPERGRAPH"
