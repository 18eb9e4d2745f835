"""How keys are used, counted: who counts what, and what is held back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.contract import Capability, PrincipalKind
from kit.database import Database
from kit.ids import new_id, to_global
from kit.principal import Principal
from services.licensing.models import KeyProduct
from tests.support.licensing import (
    ADMINISTRATOR,
    GROUP_MANAGER,
    INDIVIDUAL,
    a_caller,
    a_deployment,
    a_group,
    a_key,
    a_manager,
    answered,
    ask,
    assigned_to,
    global_id,
    in_days,
    kept,
    staff,
    statements,
)

COUNT = """query ($by: [KeyDimension!]!, $accounts: [ID!]) {
    licenseUtilisation(groupBy: $by, accountIds: $accounts) {
        key purchased assigned active unregistered } }"""

BILLING = (Capability.ACCOUNT_READ, Capability.INVOICE_READ, Capability.AGGREGATE_READ)


async def counted(
    database: Database, caller: Principal, *by: str, **asked: Any
) -> dict[tuple[str, ...], int]:
    """The number of keys by group."""
    data = await answered(database, caller, COUNT, by=list(by), **asked)
    return {tuple(each["key"]): each["purchased"] for each in data["licenseUtilisation"]}


def a_dashboard() -> Principal:
    """A machine that counts everything and sees nothing."""
    return Principal(
        kind=PrincipalKind.MACHINE,
        id=new_id(),
        everywhere=frozenset({Capability.AGGREGATE_READ}),
    )


async def test_keys_are_counted_by_what_became_of_them(licensing: Database) -> None:
    account, now = new_id(), datetime.now(UTC)
    await kept(
        licensing,
        a_key(account),
        a_key(account, **assigned_to("Ada", "ada@example.com"), last_registered_at=now),
        a_key(account, last_registered_at=now, last_active_at=now - timedelta(days=29)),
        a_key(account, last_registered_at=now, last_active_at=now - timedelta(days=31)),
    )

    data = await answered(
        licensing, a_caller(*ADMINISTRATOR, account_id=account), COUNT, by=["PRODUCT"]
    )

    assert data["licenseUtilisation"] == [
        {"key": ["CREATOR"], "purchased": 4, "assigned": 1, "active": 1, "unregistered": 1}
    ]


async def test_keys_are_told_apart_by_every_dimension_in_the_order_asked(
    licensing: Database,
) -> None:
    account = new_id()
    deployment = a_deployment(account)
    placed = a_key(account, deployment_id=deployment.id, last_version="2026.3")
    loose = a_key(account, product=KeyProduct.SERVER, expires_on=None)
    await kept(licensing, deployment, placed, loose)
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    month = in_days(200).strftime("%Y-%m")

    found = await counted(
        licensing, caller, "STATE", "PRODUCT", "VERSION", "DEPLOYMENT", "EXPIRY_MONTH"
    )

    assert found == {
        ("ACTIVE", "CREATOR", "2026.3", global_id(deployment), month): 1,
        ("ACTIVE", "SERVER", "", "", ""): 1,
    }


async def test_states_are_those_that_keys_say_themselves(licensing: Database) -> None:
    account, now = new_id(), datetime.now(UTC)
    await kept(
        licensing,
        a_key(account, expires_on=in_days(0)),
        a_key(account, expires_on=None),
        a_key(account, expires_on=in_days(-1)),
        a_key(account, starts_on=in_days(1), visible_from=in_days(-14)),
        a_key(account, suspended_at=now),
        a_key(account, suspended_at=now, revoked_at=now, expires_on=in_days(-1)),
    )

    found = await counted(licensing, a_caller(*ADMINISTRATOR, account_id=account), "STATE")

    assert found == {
        ("ACTIVE",): 2,
        ("EXPIRED",): 1,
        ("PENDING",): 1,
        ("REVOKED",): 1,
        ("SUSPENDED",): 1,
    }


async def test_without_dimensions_there_is_one_group(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account), a_key(account, product=KeyProduct.PREP))

    found = await counted(licensing, a_caller(*ADMINISTRATOR, account_id=account))

    assert found == {(): 2}


async def test_who_counts_an_account_need_not_see_its_keys(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account))
    caller = a_caller(*BILLING, account_id=account)

    assert await counted(licensing, caller, "PRODUCT") == {("CREATOR",): 1}
    assert await answered(licensing, caller, "{ productKeys { totalCount } }") == {
        "productKeys": {"totalCount": 0}
    }


async def test_who_sees_keys_may_not_therefore_count_them(licensing: Database) -> None:
    account, person = new_id(), new_id()
    await kept(licensing, a_key(account, owner_id=person))

    found = await counted(
        licensing, a_caller(*INDIVIDUAL, account_id=account, id=person), "PRODUCT"
    )

    assert found == {}


async def test_a_group_manager_counts_managed_groups_only(licensing: Database) -> None:
    account, whole, person = new_id(), new_id(), new_id()
    group = a_group(account)
    await kept(
        licensing,
        *(group, a_manager(group, person)),
        *(a_key(account, group_id=group.id), a_key(account), a_key(account, owner_id=person)),
        *(a_key(whole), a_key(whole)),
    )
    caller = Principal(
        kind=PrincipalKind.CUSTOMER,
        id=person,
        accounts={account: frozenset(GROUP_MANAGER), whole: frozenset(BILLING)},
    )
    ids = {id: [to_global("acc", id)] for id in (account, whole)}

    assert await counted(licensing, caller, "PRODUCT", accounts=ids[account]) == {("CREATOR",): 1}
    assert await counted(licensing, caller, "PRODUCT", accounts=ids[whole]) == {("CREATOR",): 2}
    assert await counted(licensing, caller, "PRODUCT") == {("CREATOR",): 3}


async def test_accounts_that_mean_nothing_count_nothing(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_key(account))
    caller = a_caller(*ADMINISTRATOR, account_id=new_id())

    for ids in ([], ["nonsense"], [to_global("acc", account)], [to_global("acc", new_id())]):
        assert await counted(licensing, caller, "PRODUCT", accounts=ids) == {}


async def test_a_dashboard_is_not_shown_groups_of_fewer_than_five_keys(
    licensing: Database,
) -> None:
    account = new_id()
    await kept(
        licensing,
        *(a_key(account, product=KeyProduct.CLOUD) for _ in range(5)),
        *(a_key(account, product=KeyProduct.PREP) for _ in range(4)),
    )
    ids = [to_global("acc", account)]

    dashboard = await counted(licensing, a_dashboard(), "PRODUCT", accounts=ids)
    desk = await counted(licensing, staff(Capability.AGGREGATE_READ), "PRODUCT", accounts=ids)

    assert dashboard == {("CLOUD",): 5}
    assert desk == {("CLOUD",): 5, ("PREP",): 4}


async def test_a_dashboard_sees_no_key(licensing: Database) -> None:
    key = a_key(new_id())
    await kept(licensing, key)

    data = await answered(
        licensing,
        a_dashboard(),
        "query ($id: ID) { productKey(id: $id) { id } productKeys { totalCount } }",
        id=global_id(key),
    )

    assert data == {"productKey": None, "productKeys": {"totalCount": 0}}


@pytest.mark.parametrize(
    ("caller", "count"),
    [
        (staff(Capability.AGGREGATE_READ), {}),
        (staff(Capability.AGGREGATE_READ, Capability.STAFF_LICENSE), {("CREATOR",): 1}),
    ],
    ids=["desk", "licensing"],
)
async def test_keys_that_have_not_appeared_are_counted_by_licensing_alone(
    licensing: Database, caller: Principal, count: dict[tuple[str, ...], int]
) -> None:
    account = new_id()
    await kept(licensing, a_key(account, visible_from=in_days(1)))

    found = await counted(licensing, caller, "PRODUCT", accounts=[to_global("acc", account)])

    assert found == count


async def test_more_groups_than_fit_are_refused_and_never_cut_off(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, *(a_key(account, last_version=f"{n}") for n in range(1001)))
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    result = await ask(licensing, caller, COUNT, {"by": ["VERSION"]})

    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "BAD_USER_INPUT"}


async def test_counting_takes_one_statement(licensing: Database) -> None:
    caller = a_caller(*ADMINISTRATOR, account_id=new_id())

    with statements(licensing) as seen:
        await counted(licensing, caller, "PRODUCT", "STATE")

    assert len(seen) == 1
