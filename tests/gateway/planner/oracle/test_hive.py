"""What Hive is asked, and what of its answer is kept."""

from collections.abc import Mapping

from graphql import parse, separate_operations

from tests.gateway.planner.oracle.corpus import Federation, federations
from tests.gateway.planner.oracle.hive import HiveAnswer, HivePlan, HiveRefusal, ask_hive
from tests.support.composition import FEDERATION

SHOP = {
    "items": """type Query { items: [Item!]! }
        type Item @key(fields: "id") { id: ID! name: String }""",
    "prices": 'type Item @key(fields: "id") { id: ID! price: Int }',
    "stock": """type Query { full: Boolean }
        type Item @key(fields: "id") { id: ID! stock: Int }""",
}
TAKEN_OVER = {
    **SHOP,
    "costs": """type Item @key(fields: "id") { id: ID!
        price: Int @override(from: "prices", label: "percent(30)") }""",
}


def test_what_does_not_wait_for_each_other_shares_a_round() -> None:
    answers = answers_to("query Q { items { name price stock } full }", SHOP)

    assert answers == {"Q": HivePlan(("items", "prices", "stock", "stock"), rounds=2)}


def test_conditions_are_decided_before_hive_plans() -> None:
    answers = answers_to("query Q($p: Boolean!) { items { name price @include(if: $p) } }", SHOP)

    assert answers == {
        "Q p=true": HivePlan(("items", "prices"), rounds=2),
        "Q p=false": HivePlan(("items",), rounds=1),
    }


def test_progressive_overrides_are_planned_in_both_states() -> None:
    answers = answers_to("query Q { items { price } }", TAKEN_OVER)

    assert answers == {
        "Q": HivePlan(("items", "prices"), rounds=2),
        "Q, overridden": HivePlan(("costs", "items"), rounds=2),
    }


def test_what_hive_does_not_plan_is_a_refusal_with_its_reason() -> None:
    one_way = federations()["one_way"]

    answer = ask_hive([one_way])["one_way", "NotReachable"]

    assert isinstance(answer, HiveRefusal)
    assert "No paths found" in answer.reason


def answers_to(operations: str, subgraphs: Mapping[str, str]) -> dict[str, HiveAnswer]:
    """Hive's answers, by the name of the question."""
    sdls = {name: f"{FEDERATION}\n{sdl}" for name, sdl in subgraphs.items()}
    federation = Federation("shop", sdls, separate_operations(parse(operations)))
    answers = ask_hive([federation])
    return {name: each for (_, name), each in answers.items() if not name.startswith("Chance")}
