"""Cases in numbers: who may count which, by what."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.cases.models import CaseImpact, CaseQueue, CaseStatus
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_dashboard,
    account_id,
    answered,
    ask,
    kept,
    staff,
    the_account,
)

STATS = """query ($filter: CaseFilter, $by: [CaseDimension!]!) {
    caseStats(filter: $filter, groupBy: $by) { key count slaBreached oldestAt } }"""


async def counted(
    cases: Database, caller: Principal, by: list[str], filter: dict[str, Any] | None = None
) -> dict[tuple[str, ...], int]:
    """The groups and how many cases each has."""
    stats = (await answered(cases, caller, STATS, by=by, filter=filter))["caseStats"]
    return {tuple(stat["key"]): stat["count"] for stat in stats}


async def test_the_backlog_by_queue_impact_and_age(cases: Database) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    ages = (0, 1.5, 2, 3.9, 4, 7.5, 8, 30.5, 31, 400)
    await kept(
        cases,
        *(a_case(me, created_at=now - timedelta(days=age, minutes=1)) for age in ages),
        a_case(me, status=CaseStatus.CLOSED),
    )

    groups = await counted(cases, me, ["QUEUE", "IMPACT", "AGE_BUCKET"])

    prefix = ("TECHNICAL_SUPPORT", "REDUCED")
    assert groups == {(*prefix, bucket): 2 for bucket in ("0-1", "2-3", "4-7", "8-30", "31+")}


async def test_a_group_tells_how_many_are_late_and_since_when_the_oldest_waits(
    cases: Database,
) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    oldest = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    await kept(
        cases,
        a_case(me, created_at=oldest, due_at=now - timedelta(minutes=1)),
        a_case(me, due_at=now + timedelta(hours=1)),
    )

    data = await answered(cases, me, STATS, by=["IMPACT"])

    assert data["caseStats"] == [
        {"key": ["REDUCED"], "count": 2, "slaBreached": 1, "oldestAt": "2026-01-02T03:04:05Z"}
    ]


async def test_every_state_of_the_clocks_has_a_word(cases: Database) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    await kept(
        cases,
        a_case(me, due_at=now - timedelta(minutes=1)),
        a_case(me, due_at=now + timedelta(minutes=1)),
        a_case(me, status=CaseStatus.PENDING_CUSTOMER, paused_at=now),
        a_case(me, status=CaseStatus.RESOLVED),
    )

    groups = await counted(cases, me, ["SLA_STATE", "STATUS"])

    assert groups == {
        ("BREACHED", "NEW"): 1,
        ("ON_TRACK", "NEW"): 1,
        ("PAUSED", "PENDING_CUSTOMER"): 1,
        ("STOPPED", "RESOLVED"): 1,
    }


async def test_customers_count_what_is_held_as_open_and_know_no_severity(
    cases: Database,
) -> None:
    me = a_caller(*ALL)
    await kept(
        cases,
        a_case(me, status=CaseStatus.OPEN, severity=1),
        a_case(me, status=CaseStatus.ON_HOLD, severity=2),
    )
    mine = {"accountIds": [account_id(me)]}

    assert await counted(cases, me, ["STATUS", "SEVERITY"]) == {("OPEN", "NONE"): 2}
    assert await counted(cases, staff(), ["STATUS", "SEVERITY"], mine) == {
        ("OPEN", "1"): 1,
        ("ON_HOLD", "2"): 1,
    }


async def test_people_and_accounts_are_named_by_global_id(cases: Database) -> None:
    me, clerk = a_caller(*ALL), new_id()
    await kept(cases, a_case(me, assignee_id=clerk), a_case(me))

    groups = await counted(cases, me, ["ACCOUNT", "ASSIGNEE"])

    assert groups == {
        (account_id(me), to_global("user", clerk)): 1,
        (account_id(me), "NONE"): 1,
    }


async def test_who_reads_aggregates_counts_cases_that_they_cannot_open(cases: Database) -> None:
    admin = a_caller(*ALL)
    clerk = a_colleague(admin, Capability.AGGREGATE_READ, Capability.CASE_READ_OWN)
    await kept(cases, *(a_case(admin, subject="A secret") for _ in range(5)), a_case(new_id()))

    assert await counted(cases, clerk, ["QUEUE"]) == {("TECHNICAL_SUPPORT",): 5}
    assert await counted(cases, clerk, ["QUEUE"], {"search": "secret"}) == {}
    assert await counted(cases, admin, ["QUEUE"], {"search": "secret"}) != {}


async def test_staff_count_their_queues(cases: Database) -> None:
    account = new_id()
    await kept(cases, *(a_case(account, queue=queue) for queue in CaseQueue))
    mine = {"accountIds": [to_global("acc", account)]}

    groups = await counted(cases, staff(CaseQueue.LICENSING), ["QUEUE"], mine)

    assert groups == {("LICENSING",): 1}


async def test_a_dashboard_learns_nothing_of_groups_under_five(cases: Database) -> None:
    account = new_id()
    await kept(
        cases,
        *(a_case(account, impact=CaseImpact.SEVERE) for _ in range(5)),
        *(a_case(account, impact=CaseImpact.QUESTION) for _ in range(4)),
    )

    groups = await counted(
        cases, a_dashboard(), ["IMPACT"], {"accountIds": [to_global("acc", account)]}
    )

    assert groups == {("SEVERE",): 5}


async def test_who_counts_what_they_cannot_read_learns_nothing_of_groups_under_five(
    cases: Database,
) -> None:
    admin = a_caller(*ALL)
    clerk = a_colleague(admin, Capability.AGGREGATE_READ, Capability.CASE_READ_OWN)
    await kept(
        cases,
        *(a_case(admin, impact=CaseImpact.SEVERE) for _ in range(5)),
        *(a_case(admin, impact=CaseImpact.QUESTION) for _ in range(4)),
    )

    assert await counted(cases, clerk, ["IMPACT"]) == {("SEVERE",): 5}
    assert await counted(cases, admin, ["IMPACT"]) == {("SEVERE",): 5, ("QUESTION",): 4}


async def test_there_are_no_more_dimensions_than_there_are(cases: Database) -> None:
    result = await ask(cases, a_caller(*ALL), STATS, {"by": ["QUEUE"] * 9})

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]


async def test_without_groups_there_is_one_total(cases: Database) -> None:
    me = a_caller(*ALL)
    await kept(cases, a_case(me), a_case(me))

    assert await counted(cases, me, []) == {(): 2}


async def test_an_account_counts_for_those_who_may(cases: Database) -> None:
    admin, member = a_caller(*ALL), a_caller(*OWN)
    await kept(cases, a_case(admin), a_case(member))
    document = """query ($keys: [_Any!]!) { _entities(representations: $keys) {
        ... on Account { caseStats(groupBy: [QUEUE]) { key count } } } }"""
    both = Principal(
        kind=admin.kind,
        id=new_id(),
        accounts={
            the_account(admin): frozenset(ALL),
            the_account(member): frozenset(OWN),
        },
    )
    keys = [{"__typename": "Account", "id": account_id(each)} for each in (admin, member)]

    data = await answered(cases, both, document, keys=keys)

    assert data["_entities"] == [
        {"caseStats": [{"key": ["TECHNICAL_SUPPORT"], "count": 1}]},
        {"caseStats": None},
    ]
