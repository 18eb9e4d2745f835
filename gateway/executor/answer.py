"""The client's answer while it is being shaped: its errors, and where nulls come to rest."""

from dataclasses import dataclass, field
from typing import Any, Final

from gateway.authorization.denial import Denial, Telling, extensions_of
from gateway.executor.failure import ABSENT, Failure
from gateway.executor.gatekeeper import Verdicts
from gateway.executor.merge import Gaps

#: Where a value is: the place of what holds it, and its key or index there.
Place = tuple[Any, str | int]

#: Errors of one answer to a client; there is no use in more.
MOST_ERRORS: Final = 100

#: A null whose cause is among the errors already.
FAILED: Final = object()


@dataclass(slots=True)
class Answer:
    """One answer being shaped. `rising` are denials whose null is on its way up.

    `verdicts` say to which objects policies have opened a field. `lost` are errors of values that
    were lost with another, by identity: where that one failed.
    """

    gaps: Gaps
    verdicts: Verdicts
    telling: Telling
    errors: list[dict[str, Any]] = field(default_factory=list)
    rising: list[dict[str, Any]] = field(default_factory=list)
    lost: dict[int, list[str | int]] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.errors) >= MOST_ERRORS

    def add(self, error: dict[str, Any]) -> None:
        self.errors.append(error)

    def fail(self, failure: Failure, place: Place) -> None:
        """A value that could not be had."""
        if self.full:
            return
        error = failure.formatted(path_of(place))
        self.add(error)
        if failure.lost:
            held = path_of(place[0])
            self.lost[id(error)] = [*held[: len(held) - failure.up], *failure.lost]

    def deny(self, denial: Denial, place: Place) -> Any:
        """A value that the caller may not see."""
        if self.telling is Telling.ABSENT:
            return ABSENT
        if not self.full:
            error = {
                "message": "You may not see this field.",
                "path": path_of(place),
                "extensions": extensions_of(denial, self.telling),
            }
            self.add(error)
            self.rising.append(error)
        return FAILED

    def collapse(self, since: int) -> None:
        """The object whose errors begin at `since` is null: one error is left for each cause."""
        errors = self.errors[since:]
        if not self.lost or not any(id(error) in self.lost for error in errors):
            return
        told = [error for error in errors if id(error) not in self.lost]
        paths = [error["path"] for error in told]
        for error in errors:
            cause = self.lost.pop(id(error), None)
            if cause is not None and cause not in paths:
                paths.append(cause)
                told.append({**error, "path": cause})
                # What holds this object may hold the cause too, and tell it itself.
                self.lost[id(told[-1])] = cause
        self.errors[since:] = told

    def fault(self, message: str, place: Place) -> None:
        """A value that does not fit the schema."""
        if self.full:
            return
        extensions = {"code": "INVALID_VALUE"}
        self.add({"message": message, "path": path_of(place), "extensions": extensions})

    def settle(self, place: Place | None) -> None:
        """The null has come to rest: say where, if that is not where it began."""
        path = path_of(place)
        for error in self.rising:
            if error["path"] != path:
                error["extensions"]["nulledAt"] = path
        self.rising.clear()


def path_of(place: Any) -> list[str | int]:
    """The path of a place, from the root."""
    path: list[str | int] = []
    while place is not None:
        place, key = place
        path.append(key)
    return path[::-1]
