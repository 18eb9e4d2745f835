"""What happens to an operation that asks for something that is denied."""

from enum import StrEnum


class Mode(StrEnum):
    """Whether it runs without that, or not at all."""

    FILTER = "filter"
    REJECT = "reject"
