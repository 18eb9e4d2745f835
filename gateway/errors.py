"""The errors of the gateway.

    GatewayError
      RequestError            the request's own fault; its text is safe to show
        DocumentError           syntax, validation, variables: any number of GraphQL errors
        LimitExceeded
        OperationRefused        not an operation that may run this way
        PlanTooComplex
        NoPlan
        OperationForbidden
        DocumentMissing         the request sends no document and names none
        BadDocumentId
        DocumentNotFound        nobody has registered it
        DocumentIdMismatch      the document is not the one of this id
        DocumentNotTrusted      this caller runs trusted documents only
        RegistrationOff
      StreamEnded             a stream stops, though its source goes on
        SlowConsumer
        StreamTooOld
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
      InvalidManifest         trusted documents cannot be read

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


class DocumentMissing(RequestError):
    """There is nothing to run."""

    def __init__(self) -> None:
        super().__init__("The request has neither a `query` nor the id of a document.")


class BadDocumentId(RequestError):
    """What should name a document cannot."""


class DocumentNotFound(RequestError):
    """Clients know this message by heart: they send the document along the next time."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class DocumentIdMismatch(RequestError):
    """The request sends one document and names another."""

    code = "PERSISTED_QUERY_MISMATCH"

    def __init__(self) -> None:
        super().__init__("The document is not the one of this id.")


class DocumentNotTrusted(RequestError):
    """It is in no manifest."""

    code = "PERSISTED_QUERY_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Only trusted documents run here: send the id of one.")


class RegistrationOff(RequestError):
    """Clients know this message too: they stop sending hashes."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotSupported")


class StreamEnded(GatewayError):
    """A stream stops, though its source goes on. Its text is safe to show."""

    @property
    def errors(self) -> list[GraphQLError]:
        """What the client reads last."""
        return [GraphQLError(str(self), extensions={"code": self.code})]


class SlowConsumer(StreamEnded):
    """The client takes events more slowly than they come."""

    code = "SLOW_CONSUMER"

    def __init__(self) -> None:
        super().__init__("Events came faster than they were taken: subscribe again.")


class StreamTooOld(StreamEnded):
    """Nothing lasts for ever: what a new stream would meet has changed meanwhile."""

    code = "STREAM_TOO_OLD"

    def __init__(self) -> None:
        super().__init__("This stream has lasted long enough: subscribe again.")


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


class InvalidManifest(GatewayError):
    """A manifest of trusted documents cannot be read: which, and why."""

    code = "INVALID_MANIFEST"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}.")
