"""A Strawberry federation schema with the traps of the stock one removed.

`_entities` is batched per type and fails per item; faults are masked and logged once; documents
are parsed and validated once per text; the schema's rules are enforced on every operation.
"""

import logging
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaskErrors, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.federation.schema import FederationAny
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition

from kit.errors import BadInput, DomainError
from kit.subgraph.enforcement import Policy, enforce
from kit.subgraph.entities import Entity, TooManyRepresentations, entity_of, resolve
from kit.subgraph.scalars import SCALARS
from kit.subgraph.streaming import StreamingExecutor

logger = logging.getLogger(__name__)

#: How many documents stay parsed and validated.
_DOCUMENTS: Final = 1024
_MAX_TOKENS: Final = 15_000


class MaskFaults(MaskErrors):
    """Shows refusals and bad input; everything else becomes `INTERNAL_SERVER_ERROR`."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_fault)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The same place, without what went wrong."""
        return GraphQLError(
            "Internal error.",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_SERVER_ERROR"},
        )


def is_fault(error: GraphQLError) -> bool:
    """Whether the error is ours: not a refusal, not bad input, not the document's fault."""
    cause = error.original_error
    return cause is not None and not isinstance(cause, DomainError | BadInput | GraphQLError)


class Subgraph(strawberry.federation.Schema):
    """One service's schema. `policies` are those of its rules that the service decides itself."""

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        *,
        types: Iterable[type] = (),
        max_entities: int = 1000,
        policies: Mapping[str, Policy] | None = None,
    ) -> None:
        self.max_entities = max_entities
        self.entities_resolver = self._batched_resolver()  # type: ignore[method-assign]
        super().__init__(
            query=query,
            mutation=mutation,
            subscription=subscription,
            types=types,
            scalar_overrides=SCALARS,  # type: ignore[arg-type]
            extensions=[
                lambda: MaxTokensLimiter(_MAX_TOKENS),
                lambda: ParserCache(maxsize=_DOCUMENTS),
                lambda: ValidationCache(maxsize=_DOCUMENTS),
                MaskFaults,
            ],
            execution_context_class=StreamingExecutor,
        )
        enforce(self._schema, policies or {})

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log faults only: a refusal is an answer."""
        for error in errors:
            if is_fault(error):
                logger.error("resolver failed", extra={"path": error.path}, exc_info=error)

    @cached_property
    def _entities(self) -> dict[str, type[Entity]]:
        return {
            name: entity
            for name, concrete in self.schema_converter.type_map.items()
            if isinstance(concrete.definition, StrawberryObjectDefinition)
            and (entity := entity_of(concrete.definition)) is not None
        }

    def _batched_resolver(self) -> Any:
        # A function per schema: Strawberry writes the union of entities into its annotations.
        async def entities(
            info: strawberry.Info, representations: list[FederationAny]
        ) -> list[FederationAny]:
            if len(representations) > self.max_entities:
                raise TooManyRepresentations(
                    f"At most {self.max_entities} representations at once."
                )
            return await resolve(self._entities, info, representations)

        return entities
