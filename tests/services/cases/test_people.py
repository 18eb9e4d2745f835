"""The caller's own cases, other people's, and what is unread."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.contract import PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.cases.models import CaseAccess, CaseParticipant, CaseStatus
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    a_colleague,
    a_look,
    a_stranger,
    answered,
    kept,
    staff,
    the_account,
)

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


async def viewer(cases: Database, caller: Principal, fields: str, id: str | None = None) -> Any:
    """What the caller is told of themselves."""
    key = {"__typename": "Viewer", "id": id or to_global("user", caller.id)}
    document = f"""query ($k: [_Any!]!) {{
        _entities(representations: $k) {{ ... on Viewer {{ {fields} }} }} }}"""
    return (await answered(cases, caller, document, k=[key]))["_entities"][0]


async def unread(cases: Database, caller: Principal) -> int:
    count: int = (await viewer(cases, caller, "unreadCaseCount"))["unreadCaseCount"]
    return count


async def test_nobody_is_another_viewer(cases: Database) -> None:
    me = a_caller(*OWN)

    assert await viewer(cases, me, "id", id=to_global("user", new_id())) is None
    assert await viewer(cases, me, "id", id=to_global("cli", me.id)) is None


async def test_a_machine_is_a_viewer_under_its_own_prefix(cases: Database) -> None:
    program = a_caller(*ALL, kind=PrincipalKind.MACHINE)

    found = await viewer(cases, program, "unreadCaseCount", id=to_global("cli", program.id))

    assert found == {"unreadCaseCount": 0}


async def test_somebody_without_an_account_has_no_cases_and_no_error(cases: Database) -> None:
    found = await viewer(cases, a_stranger(), "unreadCaseCount cases { totalCount }")

    assert found == {"unreadCaseCount": 0, "cases": {"totalCount": 0}}


async def test_the_viewers_cases_are_their_own_unless_another_view_is_asked_for(
    cases: Database,
) -> None:
    me = a_caller(*ALL)
    await kept(cases, a_case(me, subject="mine"), a_case(the_account(me), subject="theirs"))

    found = await viewer(
        cases,
        me,
        "cases { nodes { subject } } everyones: cases(view: ALL_OPEN) { totalCount }",
    )

    assert found == {"cases": {"nodes": [{"subject": "mine"}]}, "everyones": {"totalCount": 2}}


async def test_a_case_is_unread_from_its_change_until_one_looks(cases: Database) -> None:
    me = a_caller(*OWN)
    never, stale, seen = (a_case(me, customer_updated_at=NOW) for _ in range(3))
    await kept(
        cases, never, stale, seen, a_look(me, stale, NOW - HOUR), a_look(me, seen, NOW + HOUR)
    )

    assert await unread(cases, me) == 2


async def test_a_look_is_ones_own(cases: Database) -> None:
    me = a_caller(*OWN)
    case = a_case(me)
    await kept(cases, case, a_look(a_colleague(me, *ALL), case, NOW + HOUR))

    assert await unread(cases, me) == 1


async def test_what_one_follows_counts_and_what_one_only_may_see_does_not(
    cases: Database,
) -> None:
    admin = a_caller(*ALL)
    shared, other = a_case(the_account(admin)), a_case(the_account(admin))
    share = CaseParticipant(
        case_id=shared.id,
        account_id=shared.account_id,
        user_id=admin.id,
        access=CaseAccess.READ,
        shared_by_id=shared.requester_id,
    )
    await kept(cases, shared, other, share, a_case(admin))

    assert await unread(cases, admin) == 2


async def test_a_note_is_unread_for_the_assignee_and_nothing_to_the_customer(
    cases: Database,
) -> None:
    me, clerk = a_caller(*OWN), staff()
    case = a_case(me, assignee_id=clerk.id, updated_at=NOW, customer_updated_at=NOW - 3 * HOUR)
    await kept(cases, case, *(a_look(each, case, NOW - HOUR) for each in (me, clerk)))

    assert await unread(cases, me) == 0
    assert await unread(cases, clerk) == 1


async def test_a_case_out_of_sight_is_not_unread(cases: Database) -> None:
    me = a_caller(*OWN)
    gone = a_case(me)
    gone.account_id = new_id()
    await kept(cases, gone)

    assert await unread(cases, me) == 0


async def test_a_persons_open_cases_are_those_that_the_caller_sees(cases: Database) -> None:
    admin, person = a_caller(*ALL), new_id()
    account = the_account(admin)
    await kept(
        cases,
        a_case(account, requester_id=person),
        a_case(account, requester_id=person, status=CaseStatus.CLOSED),
        a_case(new_id(), requester_id=person),
    )
    keys = [
        {"__typename": "User", "id": id}
        for id in (to_global("user", person), to_global("user", new_id()), "nonsense")
    ]

    data = await answered(
        cases,
        admin,
        "query ($k: [_Any!]!) { _entities(representations: $k) { ... on User { openCaseCount } } }",
        k=keys,
    )

    assert [each["openCaseCount"] for each in data["_entities"]] == [1, 0, None]
