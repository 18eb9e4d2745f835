"""What people may do with a case that they see, and where its links lead them."""

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.cases.models import (
    CaseAccess,
    CaseParticipant,
    CaseStatus,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    answered,
    kept,
    the_account,
)

LINKS = """query ($number: String) { case(number: $number) { productKey { id } deployment { id }
    participants { access user { id } } viewerCan { edit comment upload share resolve } } }"""


@pytest.mark.parametrize(
    ("capabilities", "requests", "shown"),
    [
        ([Capability.KEY_READ_ALL], False, True),
        ([Capability.KEY_READ_OWN, Capability.DEPLOYMENT_READ], True, True),
        ([Capability.KEY_READ_OWN, Capability.DEPLOYMENT_READ], False, False),
        ([], True, False),
    ],
)
async def test_links_show_to_those_who_may_follow_them(
    cases: Database, capabilities: list[Capability], requests: bool, shown: bool
) -> None:
    me = a_caller(Capability.CASE_READ_ALL, *capabilities)
    key, deployment = new_id(), new_id()
    requester = {"requester_id": me.id} if requests else {}
    case = a_case(the_account(me), product_key_id=key, deployment_id=deployment, **requester)
    await kept(cases, case)

    data = await answered(cases, me, LINKS, number=case.number)

    links = (data["case"]["productKey"], data["case"]["deployment"])
    there = ({"id": to_global("key", key)}, {"id": to_global("dep", deployment)})
    assert links == (there if shown else (None, None))


NOTHING = {"edit": False, "comment": False, "upload": False, "share": False, "resolve": False}


EVERYTHING = dict.fromkeys(NOTHING, True)


@pytest.mark.parametrize(
    ("access", "can"),
    [
        (CaseAccess.READ, NOTHING),
        (CaseAccess.COMMENT, {**NOTHING, "comment": True, "upload": True}),
    ],
)
async def test_what_a_sharer_can_do(
    cases: Database, access: CaseAccess, can: dict[str, bool]
) -> None:
    me = a_caller(*OWN)
    case = a_case(the_account(me))
    share = CaseParticipant(
        case_id=case.id,
        account_id=case.account_id,
        user_id=me.id,
        access=access,
        shared_by_id=case.requester_id,
    )
    await kept(cases, case, share)

    data = await answered(cases, me, LINKS, number=case.number)

    assert data["case"]["viewerCan"] == can
    assert data["case"]["participants"] == [
        {"access": access.name, "user": {"id": to_global("user", me.id)}}
    ]


@pytest.mark.parametrize(
    ("caller", "status", "can"),
    [
        (a_caller(*ALL), CaseStatus.OPEN, EVERYTHING),
        (a_caller(*ALL), CaseStatus.RESOLVED, {**EVERYTHING, "resolve": False}),
        (a_caller(*ALL), CaseStatus.CLOSED, {**EVERYTHING, "resolve": False, "edit": False}),
        (a_caller(Capability.CASE_READ_ALL), CaseStatus.OPEN, NOTHING),
        (
            a_caller(*ALL, kind=PrincipalKind.MACHINE),
            CaseStatus.OPEN,
            {**EVERYTHING, "share": False},
        ),
    ],
    ids=["administrator", "resolved", "closed", "suspended account", "machine"],
)
async def test_what_those_who_read_all_can_do(
    cases: Database, caller: Principal, status: CaseStatus, can: dict[str, bool]
) -> None:
    case = a_case(the_account(caller), status=status)
    await kept(cases, case)

    data = await answered(cases, caller, LINKS, number=case.number)

    assert data["case"]["viewerCan"] == can
