"""What stands in the merged tree where a value should be and could not be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.errors import SubgraphError

#: A subgraph's own words reach clients only with one of these codes.
SHOWN_CODES: Final = frozenset({"BAD_USER_INPUT", "INVALID_CURSOR"})

#: Stands where an entity's values should be and the subgraph says that there is no such entity,
#: or none that the caller may see.
ABSENT: Final = object()

_MASKED: Final = "This service failed."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a value is missing, as the client will read it.

    The projection adds the path of the place where it finds this; `beyond` is what the
    subgraph's own path says after that place. A value that was `lost` only because something
    else in its object failed names the way to that, from the object, or from what is so many
    keys `up`. `also` are further errors that took the same value: they count where its parts
    come from elsewhere after all.
    """

    message: str
    code: str
    service: str
    beyond: tuple[str | int, ...] = ()
    lost: tuple[str | int, ...] = ()
    up: int = 0
    also: tuple["Failure", ...] = ()

    @classmethod
    def of_request(cls, error: SubgraphError) -> "Failure":
        """A whole request failed."""
        return cls(error.sentence, error.code, error.subgraph)

    @classmethod
    def of_error(cls, error: Mapping[str, Any], subgraph: str, shown: frozenset[str]) -> "Failure":
        """One error of an answer. Its text is shown if its code says that it may be."""
        extensions = error.get("extensions")
        code = extensions.get("code") if isinstance(extensions, dict) else None
        message = error.get("message")
        if isinstance(code, str) and code in shown and isinstance(message, str):
            return cls(message, code, subgraph)
        return cls(_MASKED, "SUBGRAPH_ERROR", subgraph)

    def at(self, key: str) -> "Failure":
        """Of an object's failure, what a value of the object says: that it failed, or was lost."""
        if not self.beyond:
            return self
        for failure in (self, *self.also):
            if failure.beyond[:1] == (key,):
                return replace(failure, beyond=failure.beyond[1:], also=())
        return replace(self, beyond=(), lost=self.beyond, also=())

    def of_object(self) -> "Failure":
        """Of what one value of an object says, what the object itself says."""
        return replace(self, beyond=self.lost or self.beyond, lost=())

    def alone(self) -> "Failure":
        """Only that there was a failure, said of other places than where it was."""
        return replace(self, beyond=(), lost=(), up=0, also=())

    def below(self) -> "Failure":
        """What a value says of those that it holds."""
        return replace(self, up=self.up + 1) if self.lost else self.alone()

    def formatted(self, path: Sequence[str | int] | None) -> dict[str, Any]:
        """As an error of the answer (GraphQL 7.1.2)."""
        error: dict[str, Any] = {"message": self.message}
        if path is not None:
            error["path"] = [*path, *self.beyond]
        error["extensions"] = {"code": self.code}
        if self.service:
            error["extensions"]["service"] = self.service
        return error
