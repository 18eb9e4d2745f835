"""Refusals as data: a `DomainError` raised in a mutation becomes its payload's `errors`."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from kit.contract import ErrorCode
from kit.errors import DomainError
from kit.messages import Message


class Speaks(Protocol):
    """A request context that knows its caller's language."""

    def translate(self, message: Message) -> str:
        """The message in the caller's language."""
        ...


@strawberry.federation.type(shareable=True)
class UserError:
    """`code` is a closed, documented list; `path` points into the input."""

    code: ErrorCode
    message: str
    path: list[str] | None = None


class Refusals(FieldExtension):
    """On a mutation whose payload type has `errors` and defaults for everything else."""

    def apply(self, field: StrawberryField) -> None:
        """Remember the payload type."""
        self._field = field

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: strawberry.Info, **args: Any
    ) -> Any:
        """The payload, or an empty one with the reason."""
        try:
            return await next_(source, info, **args)
        except DomainError as refusal:
            context = cast(Speaks, info.context)
            path = [*map(str, refusal.path)] if refusal.path is not None else None
            error = UserError(
                code=refusal.code, message=context.translate(refusal.message), path=path
            )
            return self._payload()(errors=[error])

    def _payload(self) -> type[Any]:
        definition = get_object_definition(self._field.type, strict=True)
        return definition.origin


def refusable(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`strawberry.mutation` whose refusals are data."""
    mutation: Callable[[Callable[..., Any]], Any] = strawberry.mutation(
        extensions=[Refusals()], **options
    )
    return mutation
