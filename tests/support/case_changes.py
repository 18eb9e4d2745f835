"""Changing cases through the schema, and what came of it, for the tests of the cases service."""

from typing import Any, Final

from sqlalchemy import select

from kit.database import Base, Database
from kit.ids import to_global
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.cases.models import Case, CaseEvent, Person, PersonMembership
from tests.support.cases import answered, global_id, kept

_CASE: Final = """case { id status version impact severity subject description productVersion queue
    closedAt reopenCount assignee { id } participants { user { id } access }
    rating { score remark ratedBy { id } } comments { totalCount nodes { body } }
    sla { nextUpdateDueAt firstResponseDueAt paused } }
    errors { code message path }"""

_DOCUMENTS: Final = {
    "updateCase": ("$input: UpdateCaseInput!", "input: $input", _CASE),
    "triageCase": ("$input: TriageCaseInput!", "input: $input", _CASE),
    "resolveCase": ("$case: ID!, $reason: String", "caseId: $case, reason: $reason", _CASE),
    "markCaseViewed": ("$case: ID!", "caseId: $case", _CASE),
    "shareCase": (
        "$case: ID!, $user: ID!, $access: CaseAccess!",
        "caseId: $case, userId: $user, access: $access",
        _CASE,
    ),
    "unshareCase": ("$case: ID!, $user: ID!", "caseId: $case, userId: $user", _CASE),
    "rateCase": (
        "$case: ID!, $score: Int!, $remark: String",
        "caseId: $case, score: $score, remark: $remark",
        _CASE,
    ),
    "requestFiles": (
        "$case: ID!, $what: String!",
        "caseId: $case, what: $what",
        f"comment {{ id body }} reopened {_CASE}",
    ),
    "addCaseComment": (
        "$input: AddCommentInput!",
        "input: $input",
        f"comment {{ id }} reopened {_CASE}",
    ),
}


async def did(database: Database, caller: Principal, name: str, **variables: Any) -> Any:
    """The payload of a mutation of cases, by its name."""
    declared, given, selected = _DOCUMENTS[name]
    document = f"mutation ({declared}) {{ {name}({given}) {{ {selected} }} }}"
    return (await answered(database, caller, document, **variables))[name]


async def edited(database: Database, caller: Principal, case: Case, **values: Any) -> Any:
    """The payload of `updateCase`, by default of the case's first version."""
    wanted = {"caseId": global_id(case), "expectedVersion": 1, **values}
    return await did(database, caller, "updateCase", input=wanted)


async def triaged(database: Database, caller: Principal, case: Case, **values: Any) -> Any:
    """The payload of `triageCase`, by default of the case's first version."""
    wanted = {"caseId": global_id(case), "expectedVersion": 1, **values}
    return await did(database, caller, "triageCase", input=wanted)


def refusals(payload: Any) -> list[tuple[str, list[str]]]:
    """Codes and paths of a payload in which nothing was done."""
    assert payload["case"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def stored(database: Database, case: Case) -> Case:
    """The case as it is now."""
    async with database.system() as session:
        return await session.get_one(Case, case.id)


async def history(database: Database, case: Case, *, staff_only: bool = False) -> list[Any]:
    """Kind, before and after of what happened: what everyone may know, or what the staff may."""
    async with database.system() as session:
        rows = await session.scalars(
            select(CaseEvent)
            .where(CaseEvent.case_id == case.id, CaseEvent.staff_only.is_(staff_only))
            .order_by(CaseEvent.at, CaseEvent.id)
        )
        return [(row.kind, row.before, row.after) for row in rows]


async def announced(database: Database, case: Case) -> list[str]:
    """The topics of what was announced about a case, in order."""
    async with database.system() as session:
        rows = await session.scalars(
            select(OutboxRow.topic)
            .where(OutboxRow.payload["case_id"].astext == str(case.id))
            .order_by(OutboxRow.id)
        )
        return list(rows)


def user_id(principal: Principal) -> str:
    """The caller's id as clients know it."""
    return to_global("user", principal.id)


async def known(database: Database, *people: Principal) -> None:
    """Identity has told of these people, and of the accounts in which they can do anything."""
    for each in people:
        email = f"{each.id.hex}@example.com"
        person: Base = Person(
            id=each.id,
            revision=1,
            name="Somebody",
            email=email,
            email_key=email,
            principal=each.encode(),
        )
        memberships = [PersonMembership(account_id=id, user_id=each.id) for id in each.accounts]
        await kept(database, person, *memberships)
