"""One rule says who sees a case: whichever way one asks, the answer is the same."""

from typing import Any

import pytest
import pytest_asyncio

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import from_global, new_id
from kit.principal import Principal
from services.cases.models import Case, CaseAccess, CaseParticipant, CaseQueue, CaseStatus
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_comment,
    a_dashboard,
    a_look,
    a_stranger,
    answered,
    global_id,
    kept,
    staff,
)

ME, MARKER = new_id(), f"marker {new_id()}"
HOME, CUSTOMER, ELSEWHERE = new_id(), new_id(), new_id()

LIST = """query ($view: CaseView, $marker: String) {
    cases(view: $view, filter: {search: $marker}, first: 100) { totalCount nodes { id } } }"""


def a_person(
    grants: dict[Any, tuple[Capability, ...]], kind: PrincipalKind = PrincipalKind.CUSTOMER
) -> Principal:
    """Me, with these rights."""
    return Principal(
        kind=kind, id=ME, accounts={account: frozenset(held) for account, held in grants.items()}
    )


PEOPLE = {
    "member": a_person({HOME: OWN}),
    "administrator": a_person({HOME: ALL}),
    "with two roles": a_person({HOME: ALL, CUSTOMER: OWN}),
    "partner": a_person(
        {HOME: OWN, CUSTOMER: (Capability.CASE_CREATE, Capability.CASE_READ_ALL)},
        PrincipalKind.PARTNER,
    ),
    "billing": a_person({HOME: (Capability.CASE_CREATE_SERVICE, Capability.CASE_READ_OWN)}),
    "without cases": a_person({HOME: (Capability.ACCOUNT_READ, Capability.AGGREGATE_READ)}),
    "machine": a_caller(*ALL, account=HOME, kind=PrincipalKind.MACHINE),
    "dashboard": a_dashboard(),
    "stranger": a_stranger(),
    "desk": staff(CaseQueue.LICENSING),
    "idle staff": Principal(
        kind=PrincipalKind.STAFF,
        id=new_id(),
        everywhere=frozenset({Capability.STAFF_CASE, Capability.AGGREGATE_READ}),
    ),
}


@pytest.fixture(scope="module")
def rows() -> list[Case]:
    """In three accounts, of every queue and state: mine, shared with me, and others'."""
    return [
        a_case(account, requester_id=requester, queue=queue, status=status, description=MARKER)
        for account in (HOME, CUSTOMER, ELSEWHERE)
        for requester in (ME, new_id())
        for queue in (CaseQueue.TECHNICAL_SUPPORT, CaseQueue.LICENSING)
        for status in (CaseStatus.NEW, CaseStatus.ON_HOLD, CaseStatus.CLOSED)
    ]


@pytest_asyncio.fixture(scope="module")
async def world(cases: Database, rows: list[Case]) -> list[Case]:
    """They are stored; every third is shared with me, and each was talked about."""
    shares = [
        CaseParticipant(
            case_id=case.id,
            account_id=case.account_id,
            user_id=ME,
            access=CaseAccess.READ,
            shared_by_id=case.requester_id,
        )
        for case in rows[::3]
    ]
    looks = [a_look(PEOPLE["member"], case) for case in rows]
    await kept(cases, *rows, *shares, *looks, *(a_comment(case) for case in rows))
    return rows


def may_see(caller: Principal, case: Case, shared: bool) -> bool:
    """The rule, in plain words."""
    held = caller.accounts.get(case.account_id, frozenset())
    if Capability.CASE_READ_ALL in held:
        return True
    if Capability.CASE_READ_OWN in held and (case.requester_id == caller.id or shared):
        return True
    return Capability.STAFF_CASE in caller.everywhere and case.queue in caller.queues


def expected(caller: Principal, world: list[Case]) -> set[str]:
    """The ids of what the caller sees."""
    shared = {case.id for case in world[::3]} if caller.id == ME else set()
    return {global_id(case) for case in world if may_see(caller, case, case.id in shared)}


@pytest.mark.parametrize("who", PEOPLE)
async def test_lists_counts_and_look_ups_agree(
    cases: Database, world: list[Case], who: str
) -> None:
    caller = PEOPLE[who]
    document = "query ($id: ID, $n: String) { a: case(id: $id) { id } b: case(number: $n) { id } }"

    listed = (await answered(cases, caller, LIST, view="ALL", marker=MARKER))["cases"]
    found = [
        await answered(cases, caller, document, id=global_id(case), n=case.number) for case in world
    ]

    visible = expected(caller, world)
    assert {node["id"] for node in listed["nodes"]} == visible
    assert listed["totalCount"] == len(visible)
    assert {each["a"]["id"] for each in found if each["a"]} == visible
    assert {each["b"]["id"] for each in found if each["b"]} == visible


@pytest.mark.parametrize("who", PEOPLE)
async def test_entities_and_conversations_agree(
    cases: Database, world: list[Case], who: str
) -> None:
    document = """query ($k: [_Any!]!) { _entities(representations: $k) {
        ... on Case { id comments { totalCount } } } }"""
    keys = [{"__typename": "Case", "id": global_id(case)} for case in world]

    data = await answered(cases, PEOPLE[who], document, k=keys)

    found = [each for each in data["_entities"] if each is not None]
    assert {each["id"] for each in found} == expected(PEOPLE[who], world)
    assert {each["comments"]["totalCount"] for each in found} <= {1}


@pytest.mark.parametrize("who", PEOPLE)
async def test_views_lie_within_each_other(cases: Database, world: list[Case], who: str) -> None:
    views = ("ACTIVE_SUPPORT", "ALL_OPEN", "ALL", "OPENED_BY_ME", "MY_LICENSING", "RECENTLY_VIEWED")

    ids = {}
    for view in views:
        listed = await answered(cases, PEOPLE[who], LIST, view=view, marker=MARKER)
        ids[view] = {node["id"] for node in listed["cases"]["nodes"]}

    assert ids["ACTIVE_SUPPORT"] <= ids["ALL_OPEN"] <= ids["ALL"] <= expected(PEOPLE[who], world)
    assert ids["MY_LICENSING"] <= ids["OPENED_BY_ME"] <= ids["ALL"]
    assert ids["RECENTLY_VIEWED"] <= ids["ALL"]


async def test_a_right_that_ended_ends_at_once(cases: Database, world: list[Case]) -> None:
    partner = PEOPLE["partner"]
    later = a_person({HOME: OWN}, PrincipalKind.PARTNER)

    before, after = [
        (await answered(cases, each, LIST, view="ALL", marker=MARKER))["cases"]["nodes"]
        for each in (partner, later)
    ]

    account_of = {case.id: case.account_id for case in world}
    accounts = [
        {account_of[id] for node in nodes if (id := from_global("case", node["id"]))}
        for nodes in (before, after)
    ]
    assert accounts == [{HOME, CUSTOMER}, {HOME}]
