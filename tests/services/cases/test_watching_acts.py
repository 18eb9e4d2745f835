"""Whatever is done to a case: customers hear of it if they may know of it, the staff always."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from kit.database import Database
from kit.ids import new_id
from services.cases.models import Case, CaseStatus
from services.cases.repository.query import CaseQuery, CaseSelection, CaseView
from tests.support.cases import ALL, a_caller, a_case, answered, global_id, kept, staff
from tests.support.watching import Office, an_office

#: By the staff, and the customer's side is not to notice.
HIDDEN: Final = {
    "note": """addCaseComment(input: {caseId: $id, body: "Hm.", internal: true,
        idempotencyKey: $key}) { errors { code } }""",
    "hold": """triageCase(input: {caseId: $id, status: ON_HOLD, expectedVersion: 1}) {
        errors { code } }""",
    "severity": """triageCase(input: {caseId: $id, severity: 1, expectedVersion: 1}) {
        errors { code } }""",
}
#: By the staff, for everybody.
PUBLIC: Final = {
    "answer": """addCaseComment(input: {caseId: $id, body: "Here.", idempotencyKey: $key}) {
        errors { code } }""",
    "waiting": """triageCase(input: {caseId: $id, status: PENDING_CUSTOMER, expectedVersion: 1}) {
        errors { code } }""",
    "queue": """triageCase(input: {caseId: $id, queue: LICENSING, expectedVersion: 1}) {
        errors { code } }""",
    "request": """requestFiles(caseId: $id, what: "The log.") { errors { code } }""",
    "edit": """updateCase(input: {caseId: $id, impact: SEVERE, expectedVersion: 1}) {
        errors { code } }""",
    "resolution": "resolveCase(caseId: $id) { errors { code } }",
}
ACTS: Final = [
    *((document, False) for document in HIDDEN.values()),
    *((document, True) for document in PUBLIC.values()),
]
NAMES: Final = [*HIDDEN, *PUBLIC]


@pytest_asyncio.fixture
async def office(cases: Database, cases_url: str) -> AsyncIterator[Office]:
    """With nothing left to tell."""
    async with an_office(cases_url) as office:
        yield office


async def done(office: Office, case: Case, act: str) -> None:
    """The staff does it, and nobody was told yet."""
    used = {"key": str(new_id())} if "$key" in act else {}
    head = "mutation ($id: ID!, $key: ID!)" if used else "mutation ($id: ID!)"
    answer = await answered(
        office.database, staff(), f"{head} {{ done: {act} }}", id=global_id(case), **used
    )
    assert answer["done"]["errors"] == []


@pytest.mark.parametrize(("act", "is_noticed"), ACTS, ids=NAMES)
async def test_who_watches_the_case_hears_what_they_may_know_of(
    office: Office, act: str, is_noticed: bool
) -> None:
    me = a_caller(*ALL)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(office.database, case)

    async with office.watching(me, case) as mine, office.watching(staff(), case) as theirs:
        await mine.next()
        await theirs.next()
        await done(office, case, act)
        mine.wait()
        theirs.wait()
        async with office.database.looked(times=2):
            await office.publish()
        heard = not mine.is_quiet, not theirs.is_quiet

    assert heard == (is_noticed, True)


@pytest.mark.parametrize(("act", "is_noticed"), ACTS, ids=NAMES)
async def test_who_watches_the_list_hears_what_they_may_know_of(
    office: Office, act: str, is_noticed: bool
) -> None:
    me = a_caller(*ALL)
    case = a_case(me, status=CaseStatus.OPEN)
    await kept(office.database, case)
    query = CaseQuery(CaseView.ALL_OPEN, CaseSelection(account_ids=(case.account_id,)))

    async with (
        office.watching_list(me, query) as mine,
        office.watching_list(staff(), query) as theirs,
    ):
        await done(office, case, act)
        mine.wait()
        theirs.wait()
        async with office.database.looked(times=2):
            await office.publish()
        heard = not mine.is_quiet, not theirs.is_quiet

    assert heard == (is_noticed, True)
