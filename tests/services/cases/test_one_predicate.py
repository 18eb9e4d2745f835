"""Every way of asking for cases agrees with one rule, for every column of the access matrix.

Worlds are made by chance; what is right is said by a rule in Python that knows nothing of SQL.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from kit.subgraph.viewer import viewer_id
from portal.access.columns import Column, columns
from services.cases.models import (
    Case,
    CaseAccess,
    CaseComment,
    CaseImpact,
    CaseParticipant,
    CaseQueue,
    CaseStatus,
)
from services.identity.capabilities import QUEUES
from services.identity.models import Desk
from tests.support.cases import (
    a_case,
    a_comment,
    a_file,
    a_look,
    answered,
    global_id,
    kept,
)

SEEDS = (1, 2, 3)
COLUMNS = {column.code: column for column in columns() if column.signed_in}
ENDED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)
VIEWS = ("ALL", "ALL_OPEN", "ACTIVE_SUPPORT", "OPENED_BY_ME", "MY_LICENSING", "RECENTLY_VIEWED")
WORDS = ("50% off", "under_score", "it's", '"so"', "مفتاح", "鍵がない", "widget")

LIST = """query ($view: CaseView, $filter: CaseFilter) {
    cases(view: $view, filter: $filter, first: 100) {
        totalCount nodes { id status sla { breached } comments { totalCount } } } }"""
STATS = """query ($filter: CaseFilter, $by: [CaseDimension!]!) {
    caseStats(filter: $filter, groupBy: $by) { key count slaBreached } }"""
UNREAD = """query ($k: [_Any!]!) { _entities(representations: $k) {
    ... on Viewer { unreadCaseCount } } }"""
ENTITIES = """query ($k: [_Any!]!) { _entities(representations: $k) { ... on Case {
    id files { totalCount } history { totalCount } } } }"""
QUEUE_OF = {"SA": Desk.SUPPORT, "CS": Desk.CUSTOMER_SERVICE, "LO": Desk.LICENSING_OPERATIONS}


@dataclass
class World:
    """Cases of an account, of its partner's customer and of somebody else's, with what was said,
    shared and looked at."""

    me: UUID
    home: UUID
    customer: UUID
    cases: list[Case] = field(default_factory=list)
    comments: list[CaseComment] = field(default_factory=list)
    shared: set[UUID] = field(default_factory=set)
    seen: set[UUID] = field(default_factory=set)

    @property
    def accounts(self) -> list[str]:
        """All of its accounts: databases hold other worlds too."""
        return sorted({to_global("acc", case.account_id) for case in self.cases})


def a_world(seed: int) -> World:
    """Some cases of every kind. The same for the same seed, but for ids and moments."""
    chance, now = Random(seed), datetime.now(UTC)
    world = World(new_id(), new_id(), new_id())
    for _ in range(36):
        status = chance.choice(list(CaseStatus))
        ended = status in ENDED
        case = a_case(
            chance.choice([world.home, world.home, world.customer, new_id()]),
            requester_id=chance.choice([world.me, new_id()]),
            queue=chance.choice(list(CaseQueue)),
            status=status,
            impact=chance.choice(list(CaseImpact)),
            description=chance.choice(WORDS),
            due_at=None if ended else chance.choice([None, now - timedelta(1), now + timedelta(1)]),
        )
        world.cases.append(case)
        for body in chance.sample(WORDS, chance.randrange(3)):
            world.comments.append(a_comment(case, f"said: {body}", internal=chance.random() < 0.5))
    world.shared = {case.id for case in chance.sample(world.cases, 12)}
    world.seen = {case.id for case in chance.sample(world.cases, 12)}
    return world


async def stored(cases: Database, world: World) -> World:
    """The world, in the database."""
    shares = [
        CaseParticipant(
            case_id=case.id,
            account_id=case.account_id,
            user_id=world.me,
            access=CaseAccess.READ,
            shared_by_id=case.requester_id,
        )
        for case in world.cases
        if case.id in world.shared
    ]
    reader = Principal(kind=PrincipalKind.CUSTOMER, id=world.me)
    looks = [a_look(reader, case) for case in world.cases if case.id in world.seen]
    files = [a_file(case) for case in world.cases]
    await kept(cases, *world.cases, *world.comments, *shares, *looks, *files)
    return world


def somebody(column: Column, world: World) -> Principal:
    """Me, as a person or machine of this column."""
    kind = PrincipalKind.CUSTOMER
    if column.everywhere:
        kind = PrincipalKind.STAFF
    if column.code in ("API", "DASH"):
        kind = PrincipalKind.MACHINE
    accounts = {world.home: column.own, world.customer: column.customers}
    desk = QUEUE_OF.get(column.code)
    return Principal(
        kind=kind,
        id=world.me,
        accounts={account: held for account, held in accounts.items() if held},
        everywhere=column.everywhere,
        queues=frozenset({QUEUES[desk]} if desk is not None else ()),
    )


@dataclass(frozen=True)
class Oracle:
    """What the caller should be told, in plain words."""

    world: World
    caller: Principal

    @property
    def works_on_cases(self) -> bool:
        return Capability.STAFF_CASE in self.caller.everywhere

    def sees(self, case: Case) -> bool:
        if self.caller.holds(Capability.CASE_READ_ALL, case.account_id):
            return True
        if self.works_on_cases and case.queue in self.caller.queues:
            return True
        mine = case.requester_id == self.caller.id or case.id in self.world.shared
        return mine and self.caller.holds(Capability.CASE_READ_OWN, case.account_id)

    def follows(self, case: Case) -> bool:
        return case.requester_id == self.caller.id or case.id in self.world.shared

    def counts(self, case: Case) -> bool:
        if self.works_on_cases:
            return case.queue in self.caller.queues
        return self.caller.holds(Capability.AGGREGATE_READ, case.account_id)

    def status(self, case: Case) -> str:
        held = case.status is CaseStatus.ON_HOLD and not self.works_on_cases
        return "OPEN" if held else case.status.name

    def said(self, case: Case) -> list[str]:
        return [
            comment.body
            for comment in self.world.comments
            if comment.case_id == case.id and (self.works_on_cases or not comment.internal)
        ]

    def finds(self, case: Case, words: str) -> bool:
        return any(words.lower() in text.lower() for text in [case.description, *self.said(case)])

    def in_view(self, case: Case, view: str) -> bool:
        mine, is_open = case.requester_id == self.caller.id, case.status not in ENDED
        return {
            "ALL": True,
            "ALL_OPEN": is_open,
            "ACTIVE_SUPPORT": is_open and case.queue is CaseQueue.TECHNICAL_SUPPORT,
            "OPENED_BY_ME": mine,
            "MY_LICENSING": mine and case.queue is CaseQueue.LICENSING,
            "RECENTLY_VIEWED": case.id in self.world.seen,
        }[view]

    def visible(self) -> list[Case]:
        return [case for case in self.world.cases if self.sees(case)]

    def groups(
        self, key: Callable[[Case], tuple[str, ...]], counted: Iterable[Case]
    ) -> dict[tuple[str, ...], int]:
        """How many there are of each, but for small groups of what cannot be read."""
        every = list(counted)
        sizes = Counter(map(key, every))
        secret = {key(case) for case in every if not self.reads_all_of(case)}
        return {word: size for word, size in sizes.items() if size >= 5 or word not in secret}

    def reads_all_of(self, case: Case) -> bool:
        reads = self.caller.holds(Capability.CASE_READ_ALL, case.account_id)
        return reads or self.works_on_cases


def is_late(case: Case) -> bool:
    """Whether its customer waits for longer than was promised."""
    return case.due_at is not None and case.due_at <= datetime.now(UTC)


def ids(found: Iterable[Case]) -> set[str]:
    return {global_id(case) for case in found}


async def listed(cases: Database, oracle: Oracle, view: str = "ALL", **filter: Any) -> Any:
    """The ids of a list, once its count has been found to agree."""
    narrowed = {"accountIds": oracle.world.accounts, **filter}
    data = await answered(cases, oracle.caller, LIST, view=view, filter=narrowed)
    page = data["cases"]
    assert page["totalCount"] == len(page["nodes"])
    return {node["id"]: node for node in page["nodes"]}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("code", COLUMNS)
async def test_every_view_shows_what_the_rule_says(cases: Database, code: str, seed: int) -> None:
    world = await stored(cases, a_world(seed))
    oracle = Oracle(world, somebody(COLUMNS[code], world))

    found = {view: await listed(cases, oracle, view) for view in VIEWS}

    visible = oracle.visible()
    assert {view: set(nodes) for view, nodes in found.items()} == {
        view: ids(case for case in visible if oracle.in_view(case, view)) for view in VIEWS
    }
    assert {id: node["status"] for id, node in found["ALL"].items()} == {
        global_id(case): oracle.status(case) for case in visible
    }
    assert {id: node["comments"]["totalCount"] for id, node in found["ALL"].items()} == {
        global_id(case): len(oracle.said(case)) for case in visible
    }
    assert {id for id, node in found["ALL"].items() if (node["sla"] or {}).get("breached")} == ids(
        case for case in visible if is_late(case)
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("code", COLUMNS)
async def test_filters_and_searches_find_among_what_is_visible(
    cases: Database, code: str, seed: int
) -> None:
    world = await stored(cases, a_world(seed))
    oracle = Oracle(world, somebody(COLUMNS[code], world))
    visible = oracle.visible()

    searched = {words: set(await listed(cases, oracle, search=words)) for words in WORDS}
    by_status = {
        status.name: set(await listed(cases, oracle, status=[status.name])) for status in CaseStatus
    }
    late = set(await listed(cases, oracle, slaBreached=True))

    assert searched == {
        words: ids(case for case in visible if oracle.finds(case, words)) for words in WORDS
    }
    assert by_status == {
        status.name: ids(case for case in visible if oracle.status(case) == status.name)
        for status in CaseStatus
    }
    assert late == ids(case for case in visible if is_late(case))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("code", COLUMNS)
async def test_statistics_count_by_the_rule_of_counting_and_search_by_that_of_reading(
    cases: Database, code: str, seed: int
) -> None:
    world = await stored(cases, a_world(seed))
    oracle = Oracle(world, somebody(COLUMNS[code], world))
    mine, words = {"accountIds": world.accounts}, WORDS[seed]

    def by_status(case: Case) -> tuple[str, ...]:
        return case.queue.name, oracle.status(case)

    answers = [
        (await answered(cases, oracle.caller, STATS, filter=filter, by=["QUEUE", "STATUS"]))[
            "caseStats"
        ]
        for filter in (mine, {**mine, "search": words})
    ]

    counted = [case for case in world.cases if oracle.counts(case)]
    told = [{tuple(stat["key"]): stat["count"] for stat in stats} for stats in answers]
    found = [case for case in counted if oracle.sees(case) and oracle.finds(case, words)]
    assert told == [oracle.groups(by_status, counted), oracle.groups(by_status, found)]
    late = Counter(by_status(case) for case in counted if is_late(case))
    assert all(stat["slaBreached"] == late[tuple(stat["key"])] for stat in answers[0])


@pytest.mark.parametrize("code", COLUMNS)
async def test_look_ups_entities_and_unread_counts_agree(cases: Database, code: str) -> None:
    world = await stored(cases, a_world(4))
    oracle = Oracle(world, somebody(COLUMNS[code], world))
    keys = [
        {"__typename": "Case", **name}
        for case in world.cases
        for name in ({"id": global_id(case)}, {"number": case.number})
    ]

    data = await answered(cases, oracle.caller, ENTITIES, k=keys)
    viewer = {"__typename": "Viewer", "id": viewer_id(oracle.caller)}
    unread = await answered(cases, oracle.caller, UNREAD, k=[viewer])

    followed = {case.id for case in oracle.visible() if oracle.follows(case)}
    assert unread["_entities"] == [{"unreadCaseCount": len(followed - world.seen)}]
    visible = [case for case in world.cases if oracle.sees(case) for _ in range(2)]
    entities = [each for each in data["_entities"] if each is not None]
    assert [each["id"] for each in entities] == [global_id(case) for case in visible]
    assert {each["files"]["totalCount"] for each in entities} <= {1}


async def test_a_right_that_ends_takes_every_case_with_it(cases: Database) -> None:
    world = await stored(cases, a_world(5))
    before = Oracle(world, somebody(COLUMNS["PM"], world))
    held = {world.home: before.caller.accounts[world.home]}
    after = Oracle(world, replace(before.caller, accounts=held))

    lists = [await listed(cases, oracle) for oracle in (before, after)]

    assert [set(nodes) for nodes in lists] == [ids(before.visible()), ids(after.visible())]
    assert lists[1].keys() < lists[0].keys()
