"""The two families of errors that clients may see; anything else is masked at the edge.

DomainError     a refusal the caller can act on: data in a mutation's payload
BadInput        the caller's own fault: a top-level error
  InvalidCursor
  InvalidPageSize
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from kit.contract import ErrorCode
from kit.messages import N_, Message


class DomainError(Exception):
    """A refusal. `code` is public API; `sentence` is a message id with `{named}` parameters.

    `path` points into the mutation's input, outermost name first.
    """

    code: ClassVar[ErrorCode]
    sentence: ClassVar[str]

    def __init__(self, *, path: Sequence[str] | None = None, **params: Any) -> None:
        self.message = Message(self.sentence, params)
        self.path = tuple(path) if path is not None else None
        super().__init__(self.message.in_english())

    @property
    def extensions(self) -> dict[str, str]:
        """graphql-core copies this onto the GraphQL error when a query is refused."""
        return {"code": self.code}


class NotFound(DomainError):
    """There is no such thing, or the caller may not know of it: the two answer alike."""

    code = ErrorCode.NOT_FOUND
    sentence = N_("There is no such thing.")


class Forbidden(DomainError):
    """The caller sees the thing but may not do this to it."""

    code = ErrorCode.FORBIDDEN
    sentence = N_("You may not do this.")


class Invalid(DomainError):
    """A value breaks a rule. Say which with a subclass or a more exact sentence."""

    code = ErrorCode.INVALID
    sentence = N_("This value is not valid.")


class VersionConflict(DomainError):
    """Somebody changed the thing since the caller read it."""

    code = ErrorCode.CONFLICT_VERSION
    sentence = N_("This was changed meanwhile: it is at version {current} now.")

    def __init__(self, current: int) -> None:
        super().__init__(path=("expectedVersion",), current=current)


class BadInput(Exception):
    """A request that cannot be meant. Its text is safe to show."""

    code: ClassVar[str] = "BAD_USER_INPUT"

    @property
    def extensions(self) -> dict[str, str]:
        """Copied onto the GraphQL error."""
        return {"code": self.code}


class InvalidPageSize(BadInput):
    """`first` is negative or over the limit."""

    def __init__(self, first: int, most: int) -> None:
        super().__init__(f"`first` is {first}: it must be from 0 to {most}.")


class InvalidCursor(BadInput):
    """The cursor was altered, or belongs to another list or caller."""

    code = "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__("This cursor does not belong to this list.")
