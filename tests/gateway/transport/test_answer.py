"""What counts as a GraphQL answer."""

from typing import Any

import pytest

from gateway.errors import SubgraphBadAnswer
from gateway.transport.answer import checked


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {}},
        {"data": {"a": None}, "errors": []},
        {"data": None, "errors": [{"message": "no"}]},
        {"errors": [{}]},
        {"data": {}, "extensions": {"cost": 1}},
    ],
)
def test_data_or_errors_make_an_answer(answer: dict[str, Any]) -> None:
    assert checked("library", answer) is answer


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "data",
        {},
        {"data": None},
        {"data": None, "errors": []},
        {"data": []},
        {"data": "x"},
        {"data": False},
        {"data": {}, "errors": {}},
        {"data": {}, "errors": "no"},
        {"data": {}, "errors": ["no"]},
        {"errors": [None]},
    ],
)
def test_anything_else_is_refused(answer: Any) -> None:
    with pytest.raises(SubgraphBadAnswer):
        checked("library", answer)
