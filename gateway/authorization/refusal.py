"""Operations that are refused for what they ask, before anything is sent."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from graphql import GraphQLError, OperationType

from gateway.authorization.denial import Denial, Denials, Telling, denial_of, extensions_of
from gateway.authorization.mode import Mode
from gateway.errors import OperationForbidden
from gateway.operation.model import Operation

#: Denied coordinates that one refusal lists; there is no use in more.
_MOST: Final = 100


def refuse_denied(operation: Operation, denials: Denials, telling: Telling, mode: Mode) -> None:
    """Raises `OperationForbidden`: for what `mode` rejects, and for denied roots.

    A mutation must not begin when what follows is forbidden; a stream of nulls is none.
    """
    if not denials:
        return
    if mode is Mode.FILTER and operation.kind is OperationType.QUERY:
        return
    errors = list(_denied_roots(operation, denials, telling))
    if mode is Mode.REJECT:
        errors += _denied_below(operation, denials, telling)
    if errors:
        raise OperationForbidden(errors[:_MOST])


def denied_whole(errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of an answer's errors, those that take all of it where denials are rejected."""
    return [each for each in errors if each["extensions"]["code"] == OperationForbidden.code]


def _denied_roots(
    operation: Operation, denials: Denials, telling: Telling
) -> Iterator[GraphQLError]:
    for field in operation.roots:
        denial = denial_of(denials, operation.type, field)
        if denial is not None:
            message = f"You may not run this {operation.kind.value}."
            yield _error(message, denial, telling, [field.key])


def _denied_below(
    operation: Operation, denials: Denials, telling: Telling
) -> Iterator[GraphQLError]:
    """One for each coordinate: the places are not known before anything is fetched."""
    below = {
        denial.coordinate: denial
        for (type, *_), denial in sorted(denials.items())
        if type != operation.type
    }
    for denial in below.values():
        yield _error("You may not see this field.", denial, telling, None)


def _error(
    message: str, denial: Denial, telling: Telling, path: Sequence[str | int] | None
) -> GraphQLError:
    return GraphQLError(message, path=path, extensions=extensions_of(denial, telling))
