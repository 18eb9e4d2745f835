"""Documents as clients send them: limited, parsed and validated once per text, then kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from gateway.authorization.denial import Telling
from gateway.cache import Lru
from gateway.errors import DocumentError, OperationRefused, RequestError
from gateway.operation.aliases import NoReservedAliases
from gateway.operation.conditions import condition_variables
from gateway.operation.limits import Limits, check_document, check_text

_MAX_ERRORS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An operation that may run: parsed, within the limits, valid.

    `text` and `name` are what the client sent.
    """

    text: str
    name: str | None
    node: DocumentNode
    operation: OperationDefinitionNode
    #: The variables that decide a @skip or @include.
    conditions: frozenset[str]
    #: What it is asked of: the schema of a view.
    schema: GraphQLSchema
    view: str
    #: How much of denials is told.
    telling: Telling

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation


class Documents:
    """Prepares documents for the schema of one `view`. Verdicts are kept, the bad ones too.

    Without `suggestions` of what could have been meant, unless there is introspection.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        introspection: bool,
        size: int,
        suggestions: bool | None = None,
        telling: Telling = Telling.EXPLAINED,
        view: str = "external",
    ) -> None:
        self.view = view
        self._schema = schema
        self._limits = limits
        self._introspection = introspection
        self._suggestions = introspection if suggestions is None else suggestions
        self._telling = telling
        self._kept: Lru[tuple[str, str | None], Document | RequestError] = Lru(size)

    def prepare(self, text: str, operation_name: str | None) -> Document:
        """The operation called `operation_name`, or the only one. Raises `RequestError`."""
        key = (text, operation_name)
        verdict = self._kept.get(key)
        if verdict is None:
            verdict = self._judge(text, operation_name)
            self._kept.put(key, verdict)
        if isinstance(verdict, RequestError):
            raise verdict.with_traceback(None)  # a kept error must not gather frames
        return verdict

    def variables(self, document: Document, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables with their defaults, coerced. Raises `DocumentError`."""
        definitions = document.operation.variable_definitions or ()
        values = get_variable_values(
            self._schema,
            definitions,
            dict(given),
            max_errors=_MAX_ERRORS,
            hide_suggestions=not self._suggestions,
        )
        if not isinstance(values, VariableValues):
            raise DocumentError("BAD_USER_INPUT", values)
        nulls = [
            definition
            for definition in definitions
            if (name := definition.variable.name.value) in document.conditions
            and values.coerced.get(name) is None
        ]
        if nulls:
            raise DocumentError("BAD_USER_INPUT", [_null_condition(each) for each in nulls])
        return dict(values.coerced)

    def _judge(self, text: str, operation_name: str | None) -> Document | RequestError:
        try:
            check_text(text, self._limits)
            node = _parse(text)
            check_document(node, operation_name, self._limits)
            self._validate(node)
            operation = _operation(node, operation_name)
            conditions = condition_variables(node, operation)
            return Document(
                text,
                operation_name,
                node,
                operation,
                conditions,
                self._schema,
                self.view,
                self._telling,
            )
        except RequestError as error:
            return error

    def _validate(self, node: DocumentNode) -> None:
        rules = [*specified_rules, NoReservedAliases]
        if not self._introspection:
            rules.append(NoSchemaIntrospectionCustomRule)
        errors = validate(
            self._schema,
            node,
            rules,
            max_errors=_MAX_ERRORS,
            hide_suggestions=not self._suggestions,
        )
        if errors:
            raise DocumentError("GRAPHQL_VALIDATION_FAILED", errors)


def _null_condition(definition: VariableDefinitionNode) -> GraphQLError:
    """A default lets a nullable variable stand where `if: Boolean!` is; a null given does not."""
    name = definition.variable.name.value
    return GraphQLError(f"Variable '${name}' decides a condition: it must not be null.", definition)


def _parse(text: str) -> DocumentNode:
    try:
        return parse(text)
    except GraphQLSyntaxError as error:
        raise DocumentError("GRAPHQL_PARSE_FAILED", [error]) from error


def _operation(node: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [
        definition
        for definition in node.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    if name is None and len(operations) == 1:
        return operations[0]
    if name is None:
        raise OperationRefused("The document has not exactly one operation: name the one to run.")
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise OperationRefused("The document has no operation of this name.")
