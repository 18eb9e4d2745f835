"""Plans that are kept, counted, and made ahead for another supergraph."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from gateway.authorization.rules import Audience
from gateway.composition import Subgraph, compose
from gateway.documents import Document, Documents
from gateway.executor.execution import Executor
from gateway.graph.labels import Labels
from gateway.operation.budget import Budget
from gateway.operation.limits import Limits
from gateway.pipeline import Pipeline
from gateway.planning import Planned, Plans, Use
from gateway.supergraph.reader import read_supergraph
from gateway.views import Views

ANYBODY: Final = Audience(authenticated=False)
SOMEBODY: Final = Audience(authenticated=True)
READER: Final = Audience(authenticated=True, scopes=frozenset({"book:read"}))

SCHEMA: Final = """
    extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@authenticated", "@requiresScopes"]
    )
    type Query {
      title: String
      pages: Int
      isbn: String
      place: String
      loans: Int @authenticated @requiresScopes(scopes: [["book:read"]])
    }
"""

#: Takes two fields of `SCHEMA` over, by a name and by a percentage.
SHELVES: Final = """
    extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9", import: ["@override"]
    )
    type Query {
      isbn: String @override(from: "books", label: "new")
      place: String @override(from: "books", label: "percent(30)")
    }
"""


class Planner:
    """Documents and plans over one supergraph."""

    def __init__(self, schema: str = SCHEMA) -> None:
        subgraphs = {"books": schema, "shelves": SHELVES}
        composition = compose(
            [Subgraph(name, f"http://{name}", sdl) for name, sdl in subgraphs.items()]
        )
        self.supergraph = supergraph = read_supergraph(composition.supergraph_sdl or "")
        self.documents = Documents(supergraph.api_schema, Limits(), introspection=True, size=100)
        self.drawn = 0.5
        labels = Labels(supergraph, ["new"], lambda: self.drawn)
        self.plans = Plans(supergraph, labels, Budget(), size=100)
        self.pipeline = Pipeline(Views(self.documents), self.plans, Executor({}), timeout=1)

    def document(self, text: str, name: str | None = None) -> Document:
        return self.documents.prepare(text, name)

    def ask(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        audience: Audience = ANYBODY,
        times: int = 1,
    ) -> Planned:
        document = self.document(text)
        for _ in range(times):
            planned = self.plans.of(document, variables or {}, audience)
        return planned


def test_an_operation_is_planned_once_for_all_that_are_denied_the_same() -> None:
    planner = Planner()

    first = planner.ask("{ title loans }", audience=ANYBODY)
    again = planner.ask("{ title loans }", audience=ANYBODY)
    allowed = planner.ask("{ title loans }", audience=READER)

    assert first is again is not allowed


def test_callers_denied_for_different_reasons_read_their_own() -> None:
    planner = Planner()

    anybody = planner.ask("{ loans }", audience=ANYBODY)
    somebody = planner.ask("{ loans }", audience=SOMEBODY)

    denied = ("Query", "loans")
    assert anybody.denials[denied].directive == "authenticated"
    assert somebody.denials[denied].directive == "requiresScopes"


def test_what_was_asked_for_most_comes_first() -> None:
    planner = Planner()
    planner.ask("{ title }", times=2)
    planner.ask("{ pages }", times=3)
    planner.ask("{ title pages }")

    most = planner.plans.most_used(2)

    assert [(use.text, use.times) for use in most] == [("{ pages }", 3), ("{ title }", 2)]


def test_of_what_was_asked_for_equally_often_the_last_comes_first() -> None:
    planner = Planner()
    planner.ask("{ title }")
    planner.ask("{ pages }")

    assert [use.text for use in planner.plans.most_used(1)] == ["{ pages }"]


@pytest.mark.parametrize("audience", [ANYBODY, SOMEBODY, READER])
@pytest.mark.parametrize("long", [True, False])
def test_the_first_request_after_a_change_finds_its_plan(audience: Audience, long: bool) -> None:
    text = "query ($long: Boolean!) { title loans pages @include(if: $long) }"
    before, after = Planner(), Planner(SCHEMA.replace("title", "author: Int title"))
    before.ask(text, {"long": long}, audience)

    planned = after.pipeline.warm(before.plans.most_used(10), seconds=10)

    kept = len(after.plans)
    after.ask(text, {"long": long}, audience)
    assert planned == 1
    assert kept == len(after.plans) == 1


def test_a_plan_made_ahead_denies_by_the_new_rules() -> None:
    before = Planner()
    after = Planner(SCHEMA.replace("pages: Int", "pages: Int @authenticated"))
    before.ask("{ pages }")

    after.pipeline.warm(before.plans.most_used(10), seconds=10)

    assert ("Query", "pages") in after.ask("{ pages }").denials
    assert len(after.plans) == 1


def test_what_no_longer_validates_is_dropped() -> None:
    before, after = Planner(), Planner(SCHEMA.replace("pages: Int", ""))
    before.ask("{ pages }")
    before.ask("{ title }")

    assert after.pipeline.warm(before.plans.most_used(10), seconds=10) == 1


def test_without_time_nothing_is_planned_ahead() -> None:
    before, after = Planner(), Planner()
    before.ask("{ title }")

    assert after.pipeline.warm(before.plans.most_used(10), seconds=0) == 0
    assert len(after.plans) == 0


def test_use_outlives_the_next_change_and_counts_less_there() -> None:
    before, between, after = Planner(), Planner(), Planner()
    before.ask("{ title }", times=8)
    between.pipeline.warm(before.plans.most_used(10), seconds=10)
    between.ask("{ pages }", times=7)

    after.pipeline.warm(between.plans.most_used(10), seconds=10)

    assert [(use.text, use.times) for use in after.plans.most_used(10)] == [
        ("{ pages }", 3),
        ("{ title }", 2),
    ]


def test_conditions_of_another_operations_fragments_ask_for_no_variables() -> None:
    planner = Planner()
    other = "query B($x: Boolean!) { ...F } fragment F on Query { pages @skip(if: $x) }"
    document = planner.document(f"query A {{ title }} {other}", "A")

    planned = planner.plans.of(document, planner.documents.variables(document, {}), ANYBODY)

    assert [root.name for root in planned.operation.roots] == ["title"]


class Faulty(Plans):
    """Cannot plan one operation, by a fault of its own."""

    def foresee(self, document: Document, use: Use) -> None:
        if document.text == "{ pages }":
            raise KeyError("pages")
        super().foresee(document, use)


def test_a_fault_in_one_plan_made_ahead_costs_no_other() -> None:
    before, after = Planner(), Planner()
    before.ask("{ title }")
    before.ask("{ pages }", times=2)
    faulty = Faulty(after.supergraph, Labels(after.supergraph), Budget(), size=100)
    pipeline = Pipeline(Views(after.documents), faulty, Executor({}), timeout=1)

    assert pipeline.warm(before.plans.most_used(10), seconds=10) == 1


def test_an_active_label_moves_its_field() -> None:
    planned = Planner().ask("{ isbn }")

    assert [fetch.subgraph for fetch in planned.plan.fetches] == ["shelves"]


@pytest.mark.parametrize(("drawn", "subgraph"), [(0.29, "shelves"), (0.31, "books")])
def test_a_percentage_moves_its_field_for_as_many_requests(drawn: float, subgraph: str) -> None:
    planner = Planner()
    planner.ask("{ place }")
    planner.drawn = drawn

    planned = planner.ask("{ place }")

    assert [fetch.subgraph for fetch in planned.plan.fetches] == [subgraph]


def test_what_is_asked_with_either_draw_is_made_ahead_for_both() -> None:
    before, after = Planner(), Planner()
    for before.drawn in (0.1, 0.9):
        before.ask("{ place }")

    after.pipeline.warm(before.plans.most_used(10), seconds=10)

    for after.drawn in (0.1, 0.9):
        after.ask("{ place }")
    assert len(after.plans) == 2
