"""Whether what came back is a GraphQL answer (GraphQL 7.1)."""

from collections.abc import Mapping
from typing import Any

from gateway.errors import SubgraphBadAnswer


def checked(subgraph: str, answer: Any) -> Mapping[str, Any]:
    """The answer itself. Raises `SubgraphBadAnswer` when it has another shape."""
    if not isinstance(answer, dict):
        raise SubgraphBadAnswer(subgraph, "the answer is no object")
    if not isinstance(answer.get("data"), dict | None):
        raise SubgraphBadAnswer(subgraph, "`data` is no object")
    errors = answer.get("errors")
    if not isinstance(errors, list | None):
        raise SubgraphBadAnswer(subgraph, "`errors` is no list")
    if not all(isinstance(error, dict) for error in errors or ()):
        raise SubgraphBadAnswer(subgraph, "an error is no object")
    if answer.get("data") is None and not errors:
        raise SubgraphBadAnswer(subgraph, "there are neither data nor errors")
    return answer
