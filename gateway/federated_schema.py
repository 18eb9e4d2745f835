"""The federated schema as Strawberry's views know schemas: the pipeline executes."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any, Never

from graphql import GraphQLError, OperationType, print_schema
from strawberry.exceptions import MissingQueryError
from strawberry.schema.base import BaseSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType as AllowedType

from gateway.errors import DocumentMissing, RequestError
from gateway.persisted.documents import PersistedDocuments
from gateway.pipeline import OperationRequest
from gateway.versions import Versions


class FederatedSchema(BaseSchema):
    """One schema over all subgraphs. `context_value` is the edge's `Connection`."""

    def __init__(
        self, versions: Versions, documents: PersistedDocuments, *, max_batch: int
    ) -> None:
        self._versions = versions
        self._documents = documents
        self.config = StrawberryConfig(batching_config={"max_operations": max_batch})
        self.query = self.mutation = self.subscription = None  # type: ignore[assignment]
        self.schema_converter = None  # type: ignore[assignment]
        self.schema_directives = []
        self.exception_handlers = ()

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[AllowedType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Run one query or mutation.

        Raises `MissingQueryError`, and `InvalidOperationTypeError` for what this transport
        cannot carry; everything else that is wrong is in the result.
        """
        connection: Any = context_value
        try:
            text = await self._documents.text(query, operation_extensions, connection.caller)
        except DocumentMissing as error:
            raise MissingQueryError from error
        except RequestError as error:
            return PreExecutionError(data=None, errors=error.errors)
        request = OperationRequest(text, operation_name, variable_values or {}, connection)
        with self._versions.pinned() as pipeline:
            try:
                document = pipeline.prepare(request)
                if _allowed(document.kind, allowed_operation_types):
                    return await pipeline.answer(request, document)
            except RequestError as error:
                return PreExecutionError(data=None, errors=error.errors)
        raise InvalidOperationTypeError(AllowedType(document.kind.value))

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[AllowedType] | None = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """One result, for transports that take several."""
        result = await self.execute(
            query, variable_values, context_value, root_value, operation_name
        )

        async def once() -> AsyncGenerator[ExecutionResult, None]:
            yield result

        return once()

    def as_str(self) -> str:
        """The API schema as clients see it."""
        with self._versions.pinned() as pipeline:
            return print_schema(pipeline.api_schema)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """The pipeline has logged what is to be logged."""

    def execute_sync(self, *args: object, **kwargs: object) -> Never:
        """A federated operation waits for subgraphs."""
        raise NotImplementedError

    async def subscribe(self, *args: object, **kwargs: object) -> Never:
        """Only the legacy protocol asks for it, and that is off."""
        raise NotImplementedError

    def get_type_by_name(self, name: str) -> None:
        """There are no Python types behind this schema."""

    def get_directive_by_name(self, graphql_name: str) -> None:
        """There are no Python directives behind this schema."""


def _allowed(kind: OperationType, allowed: Iterable[AllowedType] | None) -> bool:
    # A subscription is no single answer, whatever the view allows.
    if kind is OperationType.SUBSCRIPTION:
        return False
    return allowed is None or kind.value in {type.value for type in allowed}
