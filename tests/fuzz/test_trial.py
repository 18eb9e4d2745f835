"""A trial tells what is wrong with an answer, and a report how to see it again."""

import pytest

from tests.fuzz.campaign import Finding, smallest
from tests.fuzz.operations import Asked
from tests.fuzz.reduction import Case
from tests.fuzz.report import finding
from tests.fuzz.trial import Difference, Invalid, Kind, Trial
from tests.support.universe import Universe

_SUBGRAPHS = {
    "books": """
        type Query { books(first: Int): [Book!]! }
        type Book @key(fields: "id") { id: ID! title: String pages: Int }
    """,
    "prices": 'type Book @key(fields: "id") { id: ID! price: Int net: Int }',
}
_BOOKS = [f"b{n}: books(first: {n}) {{ title pages price net }}" for n in range(12)]
_ALL = Asked(f"{{ {' '.join(_BOOKS)} }}")


async def test_a_right_answer_is_no_difference() -> None:
    assert await Trial(_SUBGRAPHS, trouble=False).run(_ALL) is None
    assert await Trial(_SUBGRAPHS, trouble=True).run(_ALL) is None


@pytest.mark.parametrize("faults", range(8))
async def test_lost_requests_alone_are_no_difference(faults: int) -> None:
    assert await Trial(_SUBGRAPHS, trouble=False).run(_ALL, faults) is None


async def test_other_values_are_a_difference() -> None:
    trial = Trial(_SUBGRAPHS, trouble=False)
    trial.universe.subgraphs = Universe(_SUBGRAPHS, trouble=True).subgraphs

    difference = await trial.run(_ALL)

    assert difference is not None
    assert difference.kind is Kind.DATA


async def test_a_request_that_its_subgraph_cannot_take_is_a_difference() -> None:
    trial = Trial(_SUBGRAPHS, trouble=False)
    without_net = {**_SUBGRAPHS, "prices": _SUBGRAPHS["prices"].replace("net: Int", "")}
    trial.universe.subgraphs = Universe(without_net).subgraphs

    difference = await trial.run(_ALL)

    assert difference is not None
    assert difference.way == (Kind.MISUSE, "Cannot query field … on type ….")


async def test_an_invalid_operation_is_told_apart() -> None:
    with pytest.raises(Invalid):
        await Trial(_SUBGRAPHS, trouble=False).run(Asked("{ books { weight } }"))


async def test_a_finding_shows_all_that_is_needed_to_see_it_again() -> None:
    case = Case(_SUBGRAPHS, Asked("{ books { price } }"), trouble=True, faults=3)

    text = finding(Finding("1.2", case, Difference(Kind.DATA, "why", "", "ours", "expected")))

    for shown in ("--only 1.2", "type Book", "{ books { price } }", "_entities", "why", '"ours"'):
        assert shown in text


async def test_a_case_that_goes_right_by_itself_is_not_made_smaller() -> None:
    found = Finding("1.2", Case(_SUBGRAPHS, _ALL), Difference(Kind.DATA))

    assert await smallest(found) == found
