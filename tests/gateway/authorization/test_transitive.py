"""What a field is computed from guards it, in a supergraph that was composed elsewhere too."""

import pytest

from gateway.authorization.policies import Policies
from gateway.authorization.rules import Audience, Authorization
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import FEDERATION
from tests.support.federation import composed
from tests.support.guarded import Guarded, a_caller, denied
from tests.support.running_subgraph import Subgraph, by

STAFF = """
    type Query { staff: [Worker!]! }
    type Worker @key(fields: "id") @context(name: "worker") {
      id: ID! pay: Int boss: Boss payslip: Payslip
    }
    type Boss { age: Int }
    type Payslip @key(fields: "id") {
      id: ID!
      line(sum: Int @fromContext(field: "$worker { pay }")): Int
    }
"""
TAXES = """
    type Worker @key(fields: "id") {
      id: ID!
      pay: Int @external
      boss: Boss @external
      tax: Int @requires(fields: "pay")
      pension: Int @requires(fields: "boss { age }")
      free: Int
    }
    type Boss @external { age: Int }
"""
FEES = """
    type Worker @key(fields: "id") {
      id: ID! tax: Int @external fee: Int @requires(fields: "tax")
    }
"""
WORKERS = [{"id": "w", "pay": 9, "boss": {"age": 60}, "payslip": {"id": "p"}}]


def an_office(pay: str = "", age: str = "", policies: Policies | None = None) -> Guarded:
    """Composition would refuse these rules: they are written into what it composed without."""
    return Guarded(
        {
            "staff": Subgraph(
                STAFF,
                {"Query": {"staff": WORKERS}, "Payslip": {"line": lambda _, sum: sum}},
                {"Worker": by("id", WORKERS)},
            ),
            "taxes": Subgraph(
                TAXES,
                {
                    "Worker": {
                        "tax": lambda source: source["pay"] * 2,
                        "pension": lambda source: source["boss"]["age"],
                        "free": 1,
                    },
                },
            ),
        },
        policies,
        supergraph=ruled(pay, age),
    )


def ruled(pay: str, age: str) -> str:
    """The supergraph with rules on what others are computed from."""
    sdls = {"staff": STAFF, "taxes": TAXES, "fees": FEES}
    sdl = composed(tuple((name, f"{FEDERATION}\n{each}") for name, each in sdls.items()))
    links = "".join(
        f' @link(url: "https://specs.apollo.dev/{name}/v0.1", for: SECURITY)'
        for name in ("authenticated", "policy")
    )
    marked = sdl.replace("schema\n", f"schema {links}\n", 1)
    for field, rule in (("pay: Int", pay), ("age: Int", age)):
        assert field in marked
        marked = marked.replace(field, f"{field} {rule}", 1)
    return marked


async def test_everything_is_computed_where_there_is_no_rule() -> None:
    answer = await an_office().answer("{ staff { tax pension free payslip { line } } }")

    assert answer.data == {"staff": [{"tax": 18, "pension": 60, "free": 1, "payslip": {"line": 9}}]}


@pytest.mark.parametrize(
    ("pay", "age", "lost", "coordinate"),
    [
        ("@authenticated", "", {"tax", "line"}, "Worker.pay"),
        ("", "@authenticated", {"pension"}, "Boss.age"),
        ('@policy(policies: [["nobody-decides"]])', "", {"tax", "line"}, "Worker.pay"),
    ],
)
async def test_who_may_not_read_it_may_not_read_what_is_computed_from_it(
    pay: str, age: str, lost: set[str], coordinate: str
) -> None:
    office = an_office(pay, age)

    answer = await office.answer("{ staff { tax pension free payslip { line } } }")

    [row] = (answer.data or {})["staff"]
    values = {**row, **row["payslip"]}
    assert {name for name, value in values.items() if value is None} == lost
    assert {found for found, _ in denied(answer)} == {coordinate}
    assert office.resolved[f"staff.{coordinate}"] == 0


async def test_who_may_read_it_reads_what_is_computed_from_it() -> None:
    answer = await an_office("@authenticated").answer("{ staff { tax } }", a_caller())

    assert answer.data == {"staff": [{"tax": 18}]}


@pytest.mark.parametrize(("yes", "tax"), [("w", 18), ("x", None)])
async def test_a_policy_guards_what_is_computed_of_the_same_object(
    yes: str, tax: int | None
) -> None:
    policies = Policies()

    @policies.of_objects("own")
    async def own(caller: object, asked: object) -> list[bool]:
        return [each.keys["id"] == yes for each in asked]  # type: ignore[attr-defined]

    office = an_office('@policy(policies: [["own"]])', policies=policies)

    answer = await office.answer("{ staff { tax payslip { line } } }")

    # The line is of another object: nobody can be asked about it.
    assert answer.data == {"staff": [{"tax": tax, "payslip": {"line": None}}]}
    assert office.resolved["taxes.Worker.tax"] == (tax is not None)


def test_what_is_computed_from_something_computed_is_guarded_too() -> None:
    supergraph = read_supergraph(ruled("@authenticated", ""))

    denials = Authorization(supergraph).denials(Audience(authenticated=False))

    assert {name for _, name in denials} == {"pay", "tax", "fee", "line"}
