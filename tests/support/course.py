"""One operation on its way through a universe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationType,
    execute_sync,
)

from tests.support.world import Thing


@dataclass(slots=True)
class Course:
    """One operation on its way: the active labels, and the mutations done so far.

    `asked` are the fields, by object type, that any subgraph was asked for.
    """

    labels: frozenset[str] = frozenset()
    done: list[str] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def root(self, info: GraphQLResolveInfo[Any], arguments: Mapping[str, Any]) -> Thing:
        """Where the operation starts. What a mutation gives depends on those done before it."""
        name = info.parent_type.name
        if info.operation.operation is not OperationType.MUTATION:
            return Thing(name, "root")
        before = "|".join(self.done)
        self.done.append(f"{info.field_name}{sorted(arguments.items())}")
        return Thing(name, f"after({before})")


def executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any] | None,
    resolve: Any,
    type_of: Any,
) -> ExecutionResult:
    """The answer of graphql-core."""
    result = execute_sync(
        schema,
        document,
        variable_values=dict(variables or {}),
        field_resolver=resolve,
        type_resolver=type_of,
    )
    assert isinstance(result, ExecutionResult)
    return result
