"""Lists of cases: views, filters, search, orders, pages and counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.cases.models import CaseAccess, CaseImpact, CaseParticipant, CaseQueue, CaseStatus
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_comment,
    a_look,
    account_id,
    answered,
    ask,
    kept,
    staff,
    statements,
    the_account,
)

LIST = """query (
        $view: CaseView, $filter: CaseFilter, $order: CaseOrder, $first: Int, $after: String
    ) { cases(view: $view, filter: $filter, orderBy: $order, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { subject status } } }"""


async def subjects(cases: Database, caller: Principal, **variables: Any) -> list[str]:
    """What a list shows, once its count has been found to agree."""
    found = (await answered(cases, caller, LIST, **variables))["cases"]
    listed = [node["subject"] for node in found["nodes"]]
    assert found["totalCount"] == len(listed)
    return listed


async def test_each_view_shows_its_own_cases(cases: Database) -> None:
    me = a_caller(*ALL)
    other = the_account(me)
    seen = a_case(other, subject="seen", status=CaseStatus.CLOSED)
    await kept(
        cases,
        a_case(me, subject="mine"),
        a_case(me, subject="mine, closed", status=CaseStatus.CLOSED),
        a_case(me, subject="my keys", queue=CaseQueue.LICENSING),
        a_case(other, subject="theirs", queue=CaseQueue.CUSTOMER_SERVICE),
        seen,
        a_look(me, seen),
        a_case(new_id(), subject="foreign"),
    )

    views = {
        view: set(await subjects(cases, me, view=view))
        for view in (
            "ALL",
            "ALL_OPEN",
            "ACTIVE_SUPPORT",
            "OPENED_BY_ME",
            "MY_LICENSING",
            "RECENTLY_VIEWED",
        )
    }

    assert views == {
        "ALL": {"mine", "mine, closed", "my keys", "theirs", "seen"},
        "ALL_OPEN": {"mine", "my keys", "theirs"},
        "ACTIVE_SUPPORT": {"mine"},
        "OPENED_BY_ME": {"mine", "mine, closed", "my keys"},
        "MY_LICENSING": {"my keys"},
        "RECENTLY_VIEWED": {"seen"},
    }


async def test_recently_viewed_is_each_persons_own_latest_look_first(cases: Database) -> None:
    me = a_caller(*ALL)
    first, second, gone = (a_case(me, subject=name) for name in ("first", "second", "gone"))
    now = datetime.now(UTC)
    gone.account_id = new_id()
    await kept(
        cases,
        *(first, second, gone),
        a_look(me, first, now - timedelta(hours=2)),
        a_look(me, second, now - timedelta(hours=1)),
        a_look(me, gone, now),
        a_look(a_colleague(me, *ALL), first, now),
    )

    listed = await subjects(cases, me, view="RECENTLY_VIEWED")

    assert listed == ["second", "first"]


async def test_a_member_lists_own_and_shared_cases_only(cases: Database) -> None:
    me = a_caller(*OWN)
    shared, other = (a_case(the_account(me), subject=name) for name in ("shared", "other"))
    share = CaseParticipant(
        case_id=shared.id,
        account_id=shared.account_id,
        user_id=me.id,
        access=CaseAccess.READ,
        shared_by_id=shared.requester_id,
    )
    await kept(cases, a_case(me, subject="mine"), shared, other, share)

    listed = await subjects(cases, me, view="ALL")

    assert set(listed) == {"mine", "shared"}


async def test_staff_list_the_cases_of_their_queues_in_every_account(cases: Database) -> None:
    marker = f"queue {new_id()}"
    await kept(
        cases,
        *(a_case(new_id(), subject=marker, queue=queue) for queue in CaseQueue),
    )
    desk = staff(CaseQueue.LICENSING)

    data = await answered(
        cases,
        desk,
        "query ($search: String) { cases(filter: {search: $search}) { nodes { queue } } }",
        search=marker,
    )

    assert data["cases"]["nodes"] == [{"queue": "LICENSING"}]


async def test_filters_narrow_together(cases: Database) -> None:
    me, key = a_caller(*ALL), new_id()
    late = datetime.now(UTC) - timedelta(hours=1)
    await kept(
        cases,
        a_case(me, subject="wanted", impact=CaseImpact.SEVERE, product_key_id=key, due_at=late),
        a_case(me, subject="in time", impact=CaseImpact.SEVERE, product_key_id=key),
        a_case(me, subject="mild", impact=CaseImpact.QUESTION, product_key_id=key, due_at=late),
        a_case(me, subject="another key", impact=CaseImpact.SEVERE, due_at=late),
    )
    wanted = {
        "accountIds": [account_id(me)],
        "status": ["NEW"],
        "queue": "TECHNICAL_SUPPORT",
        "impact": ["SEVERE", "PRODUCTION_DOWN"],
        "productKeyId": to_global("key", key),
        "createdAfter": (late - timedelta(days=1)).isoformat(),
        "slaBreached": True,
    }

    assert await subjects(cases, me, filter=wanted) == ["wanted"]
    assert await subjects(cases, me, filter={**wanted, "slaBreached": False}) == ["in time"]
    assert await subjects(cases, me, filter={**wanted, "accountIds": ["acc_nonsense"]}) == []
    assert await subjects(cases, me, filter={**wanted, "accountIds": []}) == []


@pytest.mark.parametrize("wanted", ["100%", "a_b", "it's", '"quoted"', "é́", "مفتاح", "鍵がない"])
async def test_search_takes_every_character_as_itself(cases: Database, wanted: str) -> None:
    me = a_caller(*ALL)
    await kept(
        cases, a_case(me, subject=f"Says {wanted} here"), a_case(me, subject="100 axb its quoted")
    )

    listed = await subjects(cases, me, filter={"search": wanted})

    assert listed == [f"Says {wanted} here"]


async def test_search_looks_at_number_subject_description_and_comments(cases: Database) -> None:
    me = a_caller(*ALL)
    described = a_case(me, subject="described", description="The WIDGET burst.")
    commented = a_case(me, subject="commented")
    numbered = a_case(me, subject="numbered")
    await kept(cases, described, commented, numbered, a_comment(commented, "My widget, too."))

    assert set(await subjects(cases, me, filter={"search": "widget"})) == {"described", "commented"}
    assert await subjects(cases, me, filter={"search": numbered.number}) == ["numbered"]
    assert await subjects(cases, me, filter={"search": "wid\0get"}) != []


async def test_search_finds_internal_notes_for_staff_only(cases: Database) -> None:
    me, secret = a_caller(*ALL), f"suspect {new_id()}"
    case = a_case(me, subject="noted")
    await kept(cases, case, a_comment(case, secret, internal=True))

    assert await subjects(cases, me, filter={"search": secret}) == []
    assert await subjects(cases, staff(), filter={"search": secret}) == ["noted"]


async def test_on_hold_reads_open_to_customers_in_lists_filters_and_orders(
    cases: Database,
) -> None:
    me = a_caller(*ALL)
    await kept(
        cases,
        a_case(me, subject="held", status=CaseStatus.ON_HOLD),
        a_case(me, subject="open", status=CaseStatus.OPEN),
        a_case(me, subject="pending", status=CaseStatus.PENDING_CUSTOMER),
    )

    def of(status: str) -> dict[str, Any]:
        return {"accountIds": [account_id(me)], "status": [status]}

    data = await answered(cases, me, LIST, order={"field": "STATUS"}, filter=of("OPEN"))

    assert {node["status"] for node in data["cases"]["nodes"]} == {"OPEN"}
    assert data["cases"]["totalCount"] == 2
    assert await subjects(cases, me, filter=of("ON_HOLD")) == []
    assert await subjects(cases, staff(), filter=of("ON_HOLD")) == ["held"]
    assert await subjects(cases, staff(), filter=of("OPEN")) == ["open"]


@pytest.mark.parametrize("field", ["CREATED_AT", "UPDATED_AT", "IMPACT", "NUMBER", "STATUS"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_follow_each_other_in_every_order(
    cases: Database, field: str, direction: str
) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    impacts, statuses = list(CaseImpact), list(CaseStatus)
    await kept(
        cases,
        *(
            a_case(
                me,
                subject=str(n),
                impact=impacts[n % 4],
                status=statuses[n % 6],
                created_at=now - timedelta(days=n // 2),
                customer_updated_at=now - timedelta(days=n // 3),
            )
            for n in range(7)
        ),
    )
    variables = {"view": "ALL", "order": {"field": field, "direction": direction}}
    whole = await subjects(cases, me, **variables)

    walked: list[str] = []
    after = None
    for _ in range(4):
        page = (await answered(cases, me, LIST, **variables, first=2, after=after))["cases"]
        walked += [node["subject"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert walked == whole
    assert len(set(walked)) == 7
    assert page["pageInfo"]["hasNextPage"] is False


async def test_impact_is_ordered_by_how_bad_it_is(cases: Database) -> None:
    me = a_caller(*ALL)
    await kept(cases, *(a_case(me, subject=impact.name, impact=impact) for impact in CaseImpact))

    listed = await subjects(cases, me, order={"field": "IMPACT"})

    assert listed == ["PRODUCTION_DOWN", "SEVERE", "REDUCED", "QUESTION"]


async def test_a_search_has_its_limits(cases: Database) -> None:
    result = await ask(cases, a_caller(*ALL), LIST, {"filter": {"search": "x" * 201}})

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]


@pytest.mark.parametrize("first", [-1, 101])
async def test_a_page_has_its_limits(cases: Database, first: int) -> None:
    result = await ask(cases, a_caller(*ALL), LIST, {"first": first})

    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]


async def test_a_cursor_of_another_list_or_caller_is_refused(cases: Database) -> None:
    me = a_caller(*ALL)
    await kept(cases, a_case(me), a_case(me))
    page = (await answered(cases, me, LIST, first=1))["cases"]
    cursor = page["pageInfo"]["endCursor"]

    refused = [
        await ask(cases, caller, LIST, variables)
        for caller, variables in (
            (me, {"view": "ALL", "after": cursor}),
            (a_colleague(me, *ALL), {"after": cursor}),
            (me, {"after": "nonsense"}),
        )
    ]

    codes = [error.extensions for result in refused for error in result.errors or ()]
    assert codes == [{"code": "INVALID_CURSOR"}] * 3


async def test_ten_accounts_cost_one_statement_for_pages_and_one_for_counts(
    cases: Database,
) -> None:
    callers = [a_caller(*ALL) for _ in range(10)]
    me = Principal(
        kind=callers[0].kind,
        id=new_id(),
        accounts={the_account(each): frozenset(ALL) for each in callers},
    )
    await kept(cases, *(a_case(each, subject=str(n)) for n, each in enumerate(callers)))
    keys = [{"__typename": "Account", "id": account_id(each)} for each in callers]

    with statements(cases) as seen:
        data = await answered(
            cases,
            me,
            """query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Account {
                cases(view: ACTIVE_SUPPORT, first: 5) { totalCount nodes { subject } } } } }""",
            keys=keys,
        )

    assert [each["cases"]["nodes"][0]["subject"] for each in data["_entities"]] == [
        str(n) for n in range(10)
    ]
    assert {each["cases"]["totalCount"] for each in data["_entities"]} == {1}
    assert len([each for each in seen if each.startswith("SELECT")]) == 2
