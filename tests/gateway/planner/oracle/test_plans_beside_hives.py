"""No plan costs more than that of the best planner known, and subgraphs understand each request."""

import pytest

from tests.gateway.planner.oracle.comparison import Comparison, Comparisons, Verdict
from tests.gateway.planner.oracle.corpus import federations
from tests.gateway.planner.oracle.differences import explained
from tests.gateway.planner.oracle.report import REPORT, report, summary

#: The first test waits until everything is planned.
pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("federation", federations())
def test_a_plan_costs_no_more_than_hives_but_for_a_reason(
    federation: str, comparisons: Comparisons
) -> None:
    worse = _with(Verdict.WORSE, comparisons[federation])

    assert worse.keys() == set(explained(federation, Verdict.WORSE)), worse


@pytest.mark.parametrize("federation", federations())
def test_what_hive_plans_is_planned(federation: str, comparisons: Comparisons) -> None:
    assert _with(Verdict.ONLY_HIVES, comparisons[federation]) == {}


@pytest.mark.parametrize("federation", federations())
def test_what_hive_does_not_plan_is_known(federation: str, comparisons: Comparisons) -> None:
    planned = _with(Verdict.ONLY_OURS, comparisons[federation])

    assert planned.keys() == set(explained(federation, Verdict.ONLY_OURS)), planned


@pytest.mark.parametrize("federation", federations())
def test_every_request_is_valid_in_the_schema_of_its_subgraph(
    federation: str, comparisons: Comparisons
) -> None:
    documents = {
        (fetch.subgraph, fetch.document)
        for each in comparisons[federation]
        if each.plan is not None
        for fetch in each.plan.fetches
    }

    assert documents
    for subgraph, document in documents:
        assert federations()[federation].refusals(subgraph, document) == [], (subgraph, document)


def test_the_report_is_that_of_these_plans(
    comparisons: Comparisons, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{summary(comparisons)}")

    assert report(comparisons) == REPORT.read_text(encoding="utf-8"), (
        "write it anew with `python -m tests.gateway.planner.oracle.report`"
    )


def _with(verdict: Verdict, comparisons: tuple[Comparison, ...]) -> dict[str, list[str]]:
    """The operations with this verdict, and what their plans cost."""
    found: dict[str, list[str]] = {}
    for each in comparisons:
        if each.verdict is verdict:
            found.setdefault(each.question.operation, []).append(str(each))
    return found
