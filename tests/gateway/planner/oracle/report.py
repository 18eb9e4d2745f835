"""`docs/planning-oracle.md`: how our plans stand beside Hive's.

`python -m tests.gateway.planner.oracle.report` writes it.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.gateway.planner.oracle.comparison import Comparisons, Verdict, compare
from tests.gateway.planner.oracle.corpus import BY_CHANCE, federations
from tests.gateway.planner.oracle.differences import DIFFERENCES

REPORT: Final = Path(__file__).parents[4] / "docs" / "planning-oracle.md"

_HEAD: Final = """\
# Our plans beside Hive's

`make test` plans every operation of `tests/gateway/planner/oracle` twice: with our planner and with
that of Hive Router. A plan of ours may send no more requests and take no more rounds than Hive's.
Each exception stands below with its reason; one that no longer holds fails the tests. So does a
request that is not valid in the schema of the subgraph it goes to.

Operations with @skip or @include count once for each value of their variables, and those over
progressive @overrides once for each state of the labels.
"""
_VERDICTS: Final = (
    Verdict.EQUAL,
    Verdict.ELSEWHERE,
    Verdict.FEWER,
    Verdict.WORSE,
    Verdict.ONLY_OURS,
    Verdict.ONLY_HIVES,
    Verdict.REFUSED,
)


def report(comparisons: Comparisons) -> str:
    """The page, from every comparison by federation."""
    return "\n".join([_HEAD, f"{summary(comparisons)}\n", *_table(comparisons), "", *_reasons()])


def summary(comparisons: Comparisons) -> str:
    """The counts in one line."""
    counts = Counter(each.verdict for every in comparisons.values() for each in every)
    found = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS if counts[verdict])
    written = sum(len(each.documents) for each in federations().values())
    made = BY_CHANCE * len(comparisons)
    return (
        f"{written} operations written by hand and {made} made by chance, over "
        f"{len(comparisons)} federations, under {counts.total()} conditions: {found}."
    )


def _table(comparisons: Comparisons) -> Iterator[str]:
    yield f"| Federation | {' | '.join(_VERDICTS)} |"
    yield f"|---|{'--:|' * len(_VERDICTS)}"
    for name, every in comparisons.items():
        counts = Counter(each.verdict for each in every)
        row = " | ".join(str(counts[verdict] or "") for verdict in _VERDICTS)
        yield f"| {name} | {row} |"


def _reasons() -> Iterator[str]:
    yield "## Where they differ for the worse, or Hive has no plan\n"
    for each in DIFFERENCES:
        yield f"- {each.federation} ({each.verdict}): {', '.join(each.operations)}. {each.reason}"
    yield ""


if __name__ == "__main__":
    found = compare(federations().values())
    REPORT.write_text(report(found), encoding="utf-8")
    print(summary(found))
