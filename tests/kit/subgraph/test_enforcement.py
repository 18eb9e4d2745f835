"""A subgraph enforces the rules that its own schema declares, whoever asks."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import GraphQLSchema, OperationDefinitionNode, parse
from strawberry.federation.schema_directives import Policy
from strawberry.types import ExecutionResult

from kit.contract import Capability, PrincipalKind
from kit.ids import new_id
from kit.principal import Principal
from kit.subgraph.enforcement import Enforcement
from kit.subgraph.requirements import requirements_of
from kit.subgraph.rules import AUTHENTICATED, any_of
from kit.subgraph.schema import Subgraph

PAYERS = any_of(Capability.INVOICE_READ, Capability.INVOICE_PAY)


@dataclass
class Context:
    """The caller, and which fields' resolvers ran."""

    principal: Principal | None
    resolved: Counter[str] = field(default_factory=Counter)


Info = strawberry.Info[Context, None]


def ran(info: Info) -> str:
    """Notes that this field's resolver ran."""
    info.context.resolved[info.field_name] += 1
    return info.field_name


@strawberry.federation.enum(directives=[AUTHENTICATED])
class Colour(Enum):
    """Known to callers who have signed in."""

    RED = "RED"


@strawberry.federation.scalar(directives=[AUTHENTICATED], serialize=str)
class Salary(str):
    """Known to callers who have signed in."""


@strawberry.federation.interface
class Named:
    """Its name is not for everybody."""

    @strawberry.field(directives=[any_of(Capability.MEMBER_READ)])
    def name(self, info: Info) -> str | None:
        return ran(info)


@strawberry.federation.type
class Open(Named):
    """Guarded by nothing but its interface."""

    id: str = "open"


@strawberry.federation.type(directives=[PAYERS])
class Paid(Named):
    """For those who pay."""

    id: str = "paid"

    @strawberry.field
    def name(self, info: Info) -> str | None:
        return ran(info)

    @strawberry.field
    def amount(self, info: Info) -> str:
        return ran(info)


@strawberry.federation.type
class Query:
    """One field for each way to carry a rule."""

    @strawberry.field
    def free(self, info: Info) -> str:
        return ran(info)

    @strawberry.field(directives=[AUTHENTICATED])
    def known(self, info: Info) -> str | None:
        return ran(info)

    @strawberry.field(directives=[PAYERS])
    def bill(self, info: Info) -> str | None:
        return ran(info)

    @strawberry.field
    def colour(self, info: Info, like: Colour | None = None) -> Colour | None:
        ran(info)
        return Colour.RED

    @strawberry.field
    def painted(self, info: Info, like: Colour | None = None) -> str | None:
        return ran(info)

    @strawberry.field
    def salary(self, info: Info) -> Salary | None:
        return Salary(ran(info))

    @strawberry.field
    def things(self, info: Info) -> list[Named | None]:
        ran(info)
        return [Open(), Paid()]

    @strawberry.field
    def paid(self, info: Info) -> Paid | None:
        ran(info)
        return Paid()

    @strawberry.field(directives=[Policy(policies=[["day", "night"], ["always"]])])
    def by_policy(self, info: Info) -> str | None:
        return ran(info)


@strawberry.type
class Mutation:
    """An act for everybody and one for few."""

    @strawberry.mutation
    def greet(self, info: Info) -> str:
        return ran(info)

    @strawberry.mutation(directives=[PAYERS])
    def pay(self, info: Info) -> str:
        return ran(info)


def a_subgraph(**policies: Any) -> Subgraph:
    return Subgraph(Query, Mutation, types=[Open, Paid], policies=policies)


SUBGRAPH = a_subgraph()
KNOWN = Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


def holding(*capabilities: Capability) -> Principal:
    """Somebody who holds these in one account."""
    accounts = {new_id(): frozenset(capabilities)}
    return Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), accounts=accounts)


async def ask(
    document: str, context: Context, subgraph: Subgraph = SUBGRAPH, **variables: Any
) -> ExecutionResult:
    return await subgraph.execute(document, variable_values=variables, context_value=context)


def denials(result: ExecutionResult) -> list[tuple[Any, Any]]:
    """Path and coordinate of every error, which must be a denial."""
    errors = [(error, error.extensions or {}) for error in result.errors or ()]
    assert {each["code"] for _, each in errors} <= {"FORBIDDEN_FIELD"}
    return [(error.path, each["coordinate"]) for error, each in errors]


@pytest.mark.parametrize(
    ("document", "path", "coordinate"),
    [
        ("{ known }", ["known"], "Query.known"),
        ("{ free: known }", ["free"], "Query.known"),
        ("{ ...F } fragment F on Query { known }", ["known"], "Query.known"),
        ("{ ... { known } }", ["known"], "Query.known"),
        ("{ colour }", ["colour"], "Colour"),
        ("{ painted(like: RED) }", ["painted"], "Colour"),
        ("{ salary }", ["salary"], "Salary"),
        ("{ bill }", ["bill"], "Query.bill"),
        ("{ paid { id } }", ["paid"], "Paid"),
    ],
)
async def test_a_denied_field_is_null_and_its_resolver_does_not_run(
    document: str, path: list[str], coordinate: str
) -> None:
    context = Context(None)

    result = await ask(document, context)

    assert denials(result) == [(path, coordinate)]
    assert result.data == {path[0]: None}
    assert context.resolved == Counter()


async def test_what_is_beside_a_denied_field_is_answered() -> None:
    result = await ask("{ free known bill }", Context(KNOWN))

    assert result.data == {"free": "free", "known": "known", "bill": None}
    assert denials(result) == [(["bill"], "Query.bill")]


async def test_an_argument_that_is_not_given_asks_for_nothing() -> None:
    result = await ask("{ painted }", Context(None))

    assert (result.data, result.errors) == ({"painted": "painted"}, None)


async def test_each_of_the_alternatives_is_enough() -> None:
    for capability in (Capability.INVOICE_READ, Capability.INVOICE_PAY):
        result = await ask("{ bill paid { amount } }", Context(holding(capability)))

        assert (result.data, result.errors) == (
            {"bill": "bill", "paid": {"amount": "amount"}},
            None,
        )


async def test_rows_of_an_interface_are_decided_one_by_one() -> None:
    document = "{ things { __typename ... on Paid { amount } ... on Open { name } } }"

    result = await ask(document, Context(holding(Capability.MEMBER_READ)))

    assert result.data is not None
    assert result.data["things"] == [{"__typename": "Open", "name": "name"}, None]
    assert denials(result) == [(["things", 1, "amount"], "Paid")]


async def test_an_object_carries_the_rule_of_its_interfaces_field() -> None:
    result = await ask("{ paid { name } }", Context(holding(Capability.INVOICE_READ)))

    assert result.data == {"paid": {"name": None}}
    assert denials(result) == [(["paid", "name"], "Named.name")]


async def test_a_mutation_with_one_denied_act_does_nothing() -> None:
    context = Context(KNOWN)

    result = await ask("mutation { greet again: pay ...P } fragment P on Mutation { pay }", context)

    assert result.data is None
    assert denials(result) == [(["again"], "Mutation.pay"), (["pay"], "Mutation.pay")]
    assert context.resolved == Counter()


async def test_a_permitted_mutation_runs() -> None:
    result = await ask("mutation { greet pay }", Context(holding(Capability.INVOICE_PAY)))

    assert (result.data, result.errors) == ({"greet": "greet", "pay": "pay"}, None)


@pytest.mark.parametrize(
    ("policies", "allowed"),
    [
        ({}, False),
        ({"always": lambda _: True}, True),
        ({"day": lambda _: True}, False),
        ({"day": lambda _: True, "night": lambda _: False}, False),
        ({"day": lambda _: True, "night": lambda _: True}, True),
        ({"always": lambda _: 1}, False),
        ({"always": lambda _: 1 / 0}, False),
    ],
)
async def test_a_policy_is_closed_unless_the_service_has_it_and_it_says_yes(
    policies: dict[str, Any], allowed: bool
) -> None:
    result = await ask("{ byPolicy }", Context(KNOWN), a_subgraph(**policies))

    assert (result.errors is None) is allowed


async def test_callers_of_one_document_are_told_apart() -> None:
    answers = [
        await ask("{ bill known }", Context(caller))
        for caller in (KNOWN, holding(Capability.INVOICE_READ), None, KNOWN)
    ]

    assert [result.data for result in answers] == [
        {"bill": None, "known": "known"},
        {"bill": "bill", "known": "known"},
        {"bill": None, "known": None},
        {"bill": None, "known": "known"},
    ]


async def test_operations_of_one_document_are_told_apart() -> None:
    document = "query A { free } query B { bill }"

    results = [
        await SUBGRAPH.execute(document, context_value=Context(KNOWN), operation_name=name)
        for name in ("A", "B")
    ]

    assert [result.errors is None for result in results] == [True, False]


def test_a_rule_that_names_nothing_is_refused() -> None:
    @strawberry.type(name="Query")
    class Broken:
        field: str = strawberry.field(default="", directives=[Policy(policies=[[]])])

    with pytest.raises(ValueError, match=r"Query\.field"):
        Subgraph(Broken)


def test_a_schema_without_rules_asks_for_nothing() -> None:
    @strawberry.type
    class Bare:
        name: str = ""

    schema = Subgraph(Bare)

    assert requirements_of(schema._schema).fields == {}


def test_an_operation_is_walked_once() -> None:
    schema: GraphQLSchema = SUBGRAPH._schema
    enforcement = Enforcement(schema, {})
    operation = parse("{ bill }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    assert enforcement.touched_by(operation, {}) is enforcement.touched_by(operation, {})
