"""What an operation looks like as JSON (GraphQL over HTTP, 5.1)."""

from typing import Any


class Malformed(ValueError):
    """It does not look like that. Its text is safe to show."""


def check_operation(operation: Any) -> None:
    """Its parts have the types that the specification gives them. Raises `Malformed`."""
    if not isinstance(operation, dict):
        raise Malformed("An operation is a JSON object.")
    for name, type in (("query", str), ("operationName", str), ("variables", dict)):
        if not isinstance(operation.get(name), type | None):
            raise Malformed(f"`{name}` has the wrong type.")
