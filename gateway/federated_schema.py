"""The federated schema as Strawberry's views know schemas: the pipeline executes."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Never

from graphql import GraphQLError, OperationType, print_schema
from strawberry.exceptions import MissingQueryError
from strawberry.schema.base import BaseSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType as AllowedType

from gateway.authentication.presence import Unauthenticated, Unavailable
from gateway.documents import Document
from gateway.errors import DocumentMissing, RequestError, StreamEnded
from gateway.persisted.documents import PersistedDocuments
from gateway.pipeline import Frame, OperationRequest, Pipeline
from gateway.settings import EngineSettings
from gateway.subscriptions.quota import Quota
from gateway.versions import Version, Versions

ALL_KINDS: Final = frozenset(OperationType)

_AT_ONCE: Final = ALL_KINDS - {OperationType.SUBSCRIPTION}


@dataclass(frozen=True, slots=True)
class Answers:
    """What an operation answers: `frames` are to be closed. `kind` is None when it was refused.

    `lasts` tells whether more than one frame may come.
    """

    kind: OperationType | None
    lasts: bool
    frames: AsyncGenerator[Frame, None]


class FederatedSchema(BaseSchema):
    """One schema over all subgraphs. `context_value` is the edge's `Connection`."""

    def __init__(
        self,
        versions: Versions,
        documents: PersistedDocuments,
        *,
        max_batch: int,
        max_subscriptions: int = 200,
    ) -> None:
        self._versions = versions
        self._documents = documents
        self._quota = Quota(max_subscriptions)
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
        kinds = _kinds(allowed_operation_types) - {OperationType.SUBSCRIPTION}
        opened = await self.open(
            query,
            operation_name=operation_name,
            variables=variable_values,
            extensions=operation_extensions,
            connection=context_value,
            kinds=kinds,
        )
        async with aclosing(opened.frames) as frames:
            result = await anext(frames)
        assert isinstance(result, ExecutionResult)  # it was not asked for in parts
        return result

    async def open(
        self,
        query: str | None,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any] | None,
        extensions: Mapping[str, Any] | None,
        connection: Any,
        kinds: frozenset[OperationType] = ALL_KINDS,
        in_parts: bool = False,
    ) -> Answers:
        """Prepare any operation of these kinds; `connection` is the edge's `Connection`.

        `in_parts` tells that the client takes what is deferred later. Raises `MissingQueryError`
        and `InvalidOperationTypeError`; everything else that is wrong is among the frames.
        """
        try:
            text = await self._documents.text(query, extensions, connection.caller)
            request = OperationRequest(text, operation_name, variables or {}, connection)
            version = self._versions.here
            document = version.pipeline.prepare(request)
        except DocumentMissing as error:
            raise MissingQueryError from error
        except RequestError as error:
            return Answers(None, False, _refused(error))
        if document.kind not in kinds:
            raise InvalidOperationTypeError(AllowedType(document.kind.value))
        # Most documents defer nothing: they share the plans of those who could not take it.
        is_parted = in_parts and "@defer" in text and document.kind in _AT_ONCE
        return Answers(
            document.kind,
            is_parted or document.kind is OperationType.SUBSCRIPTION,
            self._frames(version, request, document, is_parted=is_parted),
        )

    async def _frames(
        self, version: Version, request: OperationRequest, document: Document, *, is_parted: bool
    ) -> AsyncGenerator[Frame, None]:
        """The answers; the last says why there are no more, if there should be."""
        try:
            with version.used():
                pipeline = version.pipeline
                if document.kind in _AT_ONCE and not is_parted:
                    yield await pipeline.answer(request, document)
                    return
                frames = pipeline.deliver if is_parted else partial(self._events, pipeline)
                async with aclosing(frames(request, document)) as several:
                    async for frame in several:
                        yield frame
        except (RequestError, StreamEnded) as error:
            yield PreExecutionError(data=None, errors=error.errors)
        except Unauthenticated as error:
            yield _ended(str(error), "UNAUTHENTICATED")
        except Unavailable as error:
            yield _ended(str(error), "UNAVAILABLE")

    async def _events(
        self, pipeline: Pipeline, request: OperationRequest, document: Document
    ) -> AsyncGenerator[Frame, None]:
        connection = request.context
        with self._quota.taken(connection.caller, connection.address):
            async with aclosing(pipeline.subscribe(request, document)) as answers:
                async for answer in answers:
                    yield answer

    async def stream(self, *args: object, **kwargs: object) -> Never:
        """The edge opens streams itself."""
        raise NotImplementedError

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


def federate(
    versions: Versions, documents: PersistedDocuments, settings: EngineSettings
) -> FederatedSchema:
    """The schema, as the settings say."""
    return FederatedSchema(
        versions,
        documents,
        max_batch=settings.max_batch,
        max_subscriptions=settings.max_subscriptions,
    )


def _kinds(allowed: Iterable[AllowedType] | None) -> frozenset[OperationType]:
    return (
        ALL_KINDS if allowed is None else frozenset(OperationType(each.value) for each in allowed)
    )


async def _refused(error: RequestError) -> AsyncGenerator[Frame, None]:
    yield PreExecutionError(data=None, errors=error.errors)


def _ended(message: str, code: str) -> ExecutionResult:
    return PreExecutionError(data=None, errors=[GraphQLError(message, extensions={"code": code})])
