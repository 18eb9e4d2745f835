"""What becomes null with a denied field that cannot be null itself."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a null takes, in the words of a finding."""

    FIELD = "{}"
    ITEM = "an item of {}"
    ANSWER = "by {} the whole answer"


@dataclass(frozen=True, slots=True)
class Loss:
    """The nearest thing above that can be null: `coordinate` is a field's, of an object type.

    With the whole answer it is the root field below which nothing else can be null.
    """

    coordinate: str
    part: Part

    def __str__(self) -> str:
        return self.part.format(self.coordinate)
