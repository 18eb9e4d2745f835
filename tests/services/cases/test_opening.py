"""Opening a case: who may, where, and what comes with it."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.outbox import OutboxRow
from kit.principal import Principal
from services.cases.models import AccountSupport, Case, SupportPlan
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    account_id,
    answered,
    ask,
    kept,
    staff,
    the_account,
)

NEW_CASE = """mutation ($i: CreateCaseInput!) { createCase(input: $i) {
    case { id number status queue subject requester { id } productKey { id } version
        history { nodes { kind to } } sla { firstResponseDueAt nextUpdateDueAt breached } }
    errors { code path message } } }"""


def a_question(account: str, **values: Any) -> dict[str, Any]:
    """The input of a mutation, with a key of its own."""
    defaults = {
        "accountId": account,
        "queue": "TECHNICAL_SUPPORT",
        "subject": "It does not start",
        "description": "Since Monday.",
        "impact": "SEVERE",
        "idempotencyKey": str(new_id()),
    }
    return {**defaults, **values}


async def opened(cases: Database, caller: Principal, **values: Any) -> Any:
    """The payload."""
    question = a_question(values.pop("account", None) or account_id(caller), **values)
    return (await answered(cases, caller, NEW_CASE, i=question))["createCase"]


async def refused(
    cases: Database, caller: Principal, **values: Any
) -> list[tuple[str, list[str] | None]]:
    """Codes and paths, once nothing has been found to be made."""
    payload = await opened(cases, caller, **values)
    assert payload["case"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def announced(cases: Database, topic: str, of: str) -> list[dict[str, Any]]:
    """The payloads of events about a case."""
    async with cases.system() as session:
        rows = await session.scalars(
            select(OutboxRow).where(
                OutboxRow.topic == topic, OutboxRow.payload["account_id"].astext == of
            )
        )
        return [row.payload for row in rows]


async def test_a_new_case_is_numbered_timed_recorded_and_announced(cases: Database) -> None:
    me, key = a_caller(*OWN, Capability.KEY_READ_OWN), to_global("key", new_id())

    payload = await opened(cases, me, productKeyId=key, subject="  It does not start ")

    case = payload["case"]
    assert payload["errors"] == []
    assert len(case["number"]) == 8
    assert case["status"] == "NEW"
    assert case["subject"] == "It does not start"
    assert case["requester"] == {"id": to_global("user", me.id)}
    assert case["productKey"] == {"id": key}
    assert case["history"]["nodes"] == [{"kind": "CREATED", "to": "NEW"}]
    assert case["sla"]["firstResponseDueAt"] is not None
    assert case["sla"]["nextUpdateDueAt"] is None
    events = await announced(cases, "cases.case-created", str(the_account(me)))
    assert [event["requester_id"] for event in events] == [str(me.id)]


async def test_numbers_count_up(cases: Database) -> None:
    me = a_caller(*OWN)

    first, second = await opened(cases, me), await opened(cases, me)

    assert int(first["case"]["number"]) < int(second["case"]["number"])


async def test_the_plan_of_the_account_sets_the_clock(cases: Database) -> None:
    me = a_caller(*OWN)
    await kept(cases, AccountSupport(account_id=the_account(me), plan=SupportPlan.PREMIUM))

    await opened(cases, me, impact="PRODUCTION_DOWN")

    async with cases.system() as session:
        case = (await session.scalars(select(Case).where(Case.requester_id == me.id))).one()
    assert case.due_at is not None
    assert (case.due_at - case.created_at).total_seconds() == 30 * 60


async def test_what_one_opened_oneself_is_not_unread(cases: Database) -> None:
    me = a_caller(*OWN)
    await opened(cases, me)

    data = await answered(
        cases,
        me,
        """query ($k: [_Any!]!) { _entities(representations: $k) {
            ... on Viewer { unreadCaseCount cases(view: RECENTLY_VIEWED) { totalCount } } } }""",
        k=[{"__typename": "Viewer", "id": to_global("user", me.id)}],
    )

    assert data["_entities"] == [{"unreadCaseCount": 0, "cases": {"totalCount": 1}}]


async def test_billing_people_reach_customer_service_only(cases: Database) -> None:
    clerk = a_caller(Capability.CASE_CREATE_SERVICE, Capability.CASE_READ_OWN)

    service = await opened(cases, clerk, queue="CUSTOMER_SERVICE")

    assert service["case"]["queue"] == "CUSTOMER_SERVICE"
    assert await refused(cases, clerk, queue="LICENSING") == [("FORBIDDEN", ["queue"])]


async def test_a_partner_opens_a_case_in_a_customers_account(cases: Database) -> None:
    partner = a_caller(Capability.CASE_CREATE, Capability.CASE_READ_ALL, kind=PrincipalKind.PARTNER)

    payload = await opened(cases, partner)

    assert payload["case"]["requester"] == {"id": to_global("user", partner.id)}


async def test_staff_open_cases_in_any_account_for_any_desk(cases: Database) -> None:
    clerk, account = staff(), to_global("acc", new_id())

    payload = await opened(cases, clerk, account=account, queue="LICENSING")

    assert payload["errors"] == []
    assert payload["case"]["queue"] == "LICENSING"


async def test_an_account_out_of_reach_answers_as_one_that_does_not_exist(
    cases: Database,
) -> None:
    me = a_caller(*OWN)

    assert await refused(cases, me, account=to_global("acc", new_id())) == [
        ("NOT_FOUND", ["accountId"])
    ]
    assert await refused(cases, me, account="nonsense") == [("NOT_FOUND", ["accountId"])]


async def test_a_suspended_account_opens_nothing(cases: Database) -> None:
    me = a_caller(Capability.CASE_READ_ALL)

    assert await refused(cases, me) == [("FORBIDDEN", ["accountId"])]


async def test_a_program_opens_nothing(cases: Database) -> None:
    program = a_caller(*ALL, kind=PrincipalKind.MACHINE)

    assert await refused(cases, program) == [("FORBIDDEN", None)]


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"subject": " \0 "}, "INVALID", ["subject"]),
        ({"subject": "x" * 256}, "INVALID", ["subject"]),
        ({"description": ""}, "INVALID", ["description"]),
        ({"description": "x" * 65_537}, "INVALID", ["description"]),
        ({"productVersion": "9" * 101}, "INVALID", ["productVersion"]),
        ({"productKeyId": "key_nonsense"}, "NOT_FOUND", ["productKeyId"]),
        ({"deploymentId": "acc_01J9Z3NDEKTSV4RRFFQ69G5FAV"}, "NOT_FOUND", ["deploymentId"]),
        ({"invoiceId": ""}, "NOT_FOUND", ["invoiceId"]),
        ({"uploadIds": ["upl_01J9Z3NDEKTSV4RRFFQ69G5FAV"]}, "NOT_FOUND", ["uploadIds"]),
        ({"idempotencyKey": ""}, "INVALID", ["idempotencyKey"]),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place(
    cases: Database, values: dict[str, Any], code: str, path: list[str]
) -> None:
    assert await refused(cases, a_caller(*OWN), **values) == [(code, path)]


@pytest.mark.parametrize("subject", ["x", "x" * 255, "<script>alert(1)</script>", "鍵 🙈 مفتاح"])
async def test_a_subject_stays_as_it_was_written(cases: Database, subject: str) -> None:
    payload = await opened(cases, a_caller(*OWN), subject=subject)

    assert payload["case"]["subject"] == subject


async def test_the_same_key_gives_the_same_case_also_at_the_same_time(cases: Database) -> None:
    me, key = a_caller(*OWN), str(new_id())

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(opened(cases, me, idempotencyKey=key)) for _ in range(3)]

    assert len({task.result()["case"]["id"] for task in tasks}) == 1
    async with cases.system() as session:
        made = await session.scalar(select(func.count()).where(Case.requester_id == me.id))
    assert made == 1
    assert len(await announced(cases, "cases.case-created", str(the_account(me)))) == 1


async def test_the_same_key_with_another_question_is_refused(cases: Database) -> None:
    me, key = a_caller(*OWN), str(new_id())
    await opened(cases, me, idempotencyKey=key)

    again = await refused(cases, me, idempotencyKey=key, subject="Something else")

    assert again == [("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])]


async def test_somebody_elses_key_is_no_key_of_mine(cases: Database) -> None:
    me, other, key = a_caller(*OWN), a_caller(*OWN), str(new_id())

    mine, theirs = [await opened(cases, each, idempotencyKey=key) for each in (me, other)]

    assert mine["case"]["id"] != theirs["case"]["id"]


async def test_refusals_speak_the_callers_language(cases: Database) -> None:
    result = await ask(
        cases,
        Principal(kind=PrincipalKind.CUSTOMER, id=new_id(), locale="fr"),
        NEW_CASE,
        {"i": a_question("nonsense", subject="")},
    )

    assert result.data is not None
    (error,) = result.data["createCase"]["errors"]
    assert error["message"] == "Cet élément n’existe pas."
