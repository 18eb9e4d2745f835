"""Pages of cases while others open, change and lose them; what a list costs."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete

from kit.database import Database
from kit.ids import new_id
from kit.principal import Principal
from services.cases.models import Case, CaseImpact, CaseStatus, CaseViewing
from tests.support.cases import (
    ALL,
    a_caller,
    a_case,
    a_comment,
    a_look,
    answered,
    global_id,
    kept,
    statements,
)

LIST = """query ($view: CaseView, $order: CaseOrder, $first: Int, $after: String) {
    cases(view: $view, orderBy: $order, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { id } } }"""
SEARCH = "query ($words: String) { cases(filter: {search: $words}) { nodes { id } } }"
FIELDS = ("CREATED_AT", "UPDATED_AT", "IMPACT", "NUMBER", "STATUS")


def some_cases(me: Principal, chance: Random, number: int) -> list[Case]:
    """Cases of the account that share what they are ordered by with many others."""
    now = datetime.now(UTC)
    return [
        a_case(
            me,
            number=f"{chance.randrange(10**8):08}{new_id().hex}",
            impact=chance.choice(list(CaseImpact)),
            status=chance.choice(list(CaseStatus)),
            created_at=now - timedelta(days=chance.randrange(4)),
            customer_updated_at=now - timedelta(days=chance.randrange(4)),
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", FIELDS)
async def test_what_does_not_change_is_met_once_while_other_cases_come_and_go(
    cases: Database, field: str, direction: str, seed: int
) -> None:
    me, chance = a_caller(*ALL), Random(seed)
    staying, going = some_cases(me, chance, 25), some_cases(me, chance, 15)
    await kept(cases, *staying, *going)
    variables: dict[str, Any] = {"view": "ALL", "order": {"field": field, "direction": direction}}
    met: list[str] = []
    after, more = None, True

    while more:
        page = await answered(cases, me, LIST, **variables, first=chance.randint(1, 6), after=after)
        met += [node["id"] for node in page["cases"]["nodes"]]
        after, more = (
            page["cases"]["pageInfo"]["endCursor"],
            page["cases"]["pageInfo"]["hasNextPage"],
        )
        await kept(cases, *some_cases(me, chance, 2))
        await gone(cases, [going.pop() for _ in range(min(2, len(going)))])

    assert len(met) == len(set(met))
    assert {global_id(case) for case in staying} <= set(met)


async def gone(cases: Database, rows: list[Case]) -> None:
    """The cases are no more."""
    async with cases.system() as session:
        await session.execute(delete(Case).where(Case.id.in_([case.id for case in rows])))


async def test_a_page_of_what_was_viewed_lately_ends_where_rights_end(cases: Database) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    mine, foreign = some_cases(me, Random(3), 6), some_cases(a_caller(*ALL), Random(4), 6)
    looks = [
        a_look(me, case, now - timedelta(minutes=n // 2))
        for n, pair in enumerate(zip(mine, foreign, strict=True))
        for case in pair
    ]
    await kept(cases, *mine, *foreign, *looks)

    first = (await answered(cases, me, LIST, view="RECENTLY_VIEWED", first=4))["cases"]
    cursor = first["pageInfo"]["endCursor"]
    rest = (await answered(cases, me, LIST, view="RECENTLY_VIEWED", first=4, after=cursor))["cases"]

    found = [node["id"] for page in (first, rest) for node in page["nodes"]]
    assert len(found) == 6
    assert set(found) == {global_id(case) for case in mine}
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_looking_again_moves_a_case_up_and_shows_it_once(cases: Database) -> None:
    me, now = a_caller(*ALL), datetime.now(UTC)
    older, newer = some_cases(me, Random(5), 2)
    await kept(cases, older, newer, a_look(me, older, now - timedelta(hours=2)))
    await kept(cases, a_look(me, newer, now - timedelta(hours=1)))

    async with cases.system() as session:
        look = await session.get_one(CaseViewing, (me.id, older.id))
        look.viewed_at = now

    listed = (await answered(cases, me, LIST, view="RECENTLY_VIEWED"))["cases"]["nodes"]
    assert [node["id"] for node in listed] == [global_id(older), global_id(newer)]


@pytest.mark.parametrize(("asked", "counts"), [("nodes { id }", 0), ("totalCount nodes { id }", 1)])
async def test_a_list_counts_only_when_asked(cases: Database, asked: str, counts: int) -> None:
    me = a_caller(*ALL)
    await kept(cases, *some_cases(me, Random(6), 3))

    with statements(cases) as seen:
        await answered(cases, me, f"{{ cases(view: ALL) {{ {asked} }} }}")

    assert len([statement for statement in seen if "count(" in statement]) == counts


async def test_whether_cases_are_late_is_asked_once_for_all_of_them(cases: Database) -> None:
    me = a_caller(*ALL)
    late = [a_case(me, due_at=datetime.now(UTC) - timedelta(hours=n)) for n in (-1, 0, 1)]
    await kept(cases, *late)

    with statements(cases) as seen:
        data = await answered(cases, me, "{ cases(view: ALL) { nodes { sla { breached } } } }")

    assert sum(node["sla"]["breached"] for node in data["cases"]["nodes"]) == 2
    assert len([each for each in seen if each.startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("GROSSE Änderung", "änderung"),
        ("Возврат средств", "ВОЗВРАТ"),
        ("إعادة تفعيل المفتاح", "المفتاح"),
        ("ライセンスが見つかりません", "見つかり"),
        (r"C:\new\_folder%20", r"\_folder%"),
        ("';DROP TABLE cases;--", "';drop table"),
        ("a\nline", "a\nline"),
    ],
)
async def test_comments_are_searched_in_every_script_as_they_are_written(
    cases: Database, said: str, wanted: str
) -> None:
    me = a_caller(*ALL)
    wanted_case, other = some_cases(me, Random(7), 2)
    wanted_case.status = other.status = CaseStatus.OPEN
    await kept(cases, wanted_case, other, a_comment(wanted_case, said), a_comment(other, "Cnew"))

    found = (await answered(cases, me, SEARCH, words=wanted))["cases"]["nodes"]

    assert [node["id"] for node in found] == [global_id(wanted_case)]
