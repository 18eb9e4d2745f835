"""Deployments: who sees them, what they hold, and where people sign in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import (
    Deployment,
    DeploymentEnvironment,
    DeploymentPlatform,
    DeploymentScope,
    KeyProduct,
    KeySeats,
    ProductKey,
    SeatAssignment,
)
from tests.support.licensing import (
    ADMINISTRATOR,
    DOWNLOAD_ONLY,
    GROUP_MANAGER,
    INDIVIDUAL,
    PARTNER_AGENT,
    a_caller,
    a_deployment,
    a_group,
    a_key,
    a_manager,
    a_stranger,
    answered,
    entity,
    global_id,
    in_days,
    kept,
    staff,
    statements,
)

DETAIL = """query ($id: ID!) { deployment(id: $id) {
    id name platform scope siteUrl loginBasedLicensing version account { id }
    keys { totalCount } environments { name production }
    seats { role purchased assigned inUse endsOn } } }"""

OF_ACCOUNT = "{ deployments { totalCount nodes { name } } }"


def seats(key: ProductKey, role: str, purchased: int) -> KeySeats:
    return KeySeats(key_id=key.id, role=role, account_id=key.account_id, purchased=purchased)


def seated(deployment: Deployment, role: str, n: int, **values: Any) -> SeatAssignment:
    return SeatAssignment(
        account_id=deployment.account_id,
        deployment_id=deployment.id,
        role=role,
        name=f"Analyst {n}",
        email_key=f"analyst{n}@example.com",
        **values,
    )


def environment(deployment: Deployment, name: str, production: bool) -> DeploymentEnvironment:
    return DeploymentEnvironment(
        deployment_id=deployment.id,
        name=name,
        account_id=deployment.account_id,
        production=production,
    )


async def test_a_deployment_tells_all_about_itself(licensing: Database) -> None:
    account = new_id()
    deployment = a_deployment(
        account,
        "Ventes",
        platform=DeploymentPlatform.ONLINE,
        scope=DeploymentScope.EXTERNAL,
        login_based=True,
        site_url="https://ventes.example.com",
    )
    key = a_key(account, product=KeyProduct.CLOUD, deployment_id=deployment.id)
    await kept(
        licensing,
        *(deployment, key),
        *(environment(deployment, "Alpha", False), environment(deployment, "Main", True)),
    )

    data = await answered(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        DETAIL,
        id=global_id(deployment),
    )

    assert data["deployment"] == {
        "id": global_id(deployment),
        "name": "Ventes",
        "platform": "ONLINE",
        "scope": "EXTERNAL",
        "siteUrl": "https://ventes.example.com",
        "loginBasedLicensing": True,
        "version": 1,
        "account": {"id": to_global("acc", account)},
        "keys": {"totalCount": 1},
        "environments": [
            {"name": "Main", "production": True},
            {"name": "Alpha", "production": False},
        ],
        "seats": [],
    }


async def test_seats_are_summed_over_the_stacked_keys_that_are_good_today(
    licensing: Database,
) -> None:
    account = new_id()
    deployment = a_deployment(account, login_based=True)
    good = [
        a_key(account, deployment_id=deployment.id, expires_on=in_days(days)) for days in (0, 30)
    ]
    over = [
        a_key(account, deployment_id=deployment.id, expires_on=in_days(-1)),
        a_key(account, deployment_id=deployment.id, revoked_at=datetime.now(UTC)),
        a_key(account, deployment_id=deployment.id, suspended_at=datetime.now(UTC)),
        a_key(account, deployment_id=deployment.id, starts_on=in_days(1)),
    ]
    await kept(licensing, deployment, *good, *over)
    await kept(licensing, *(seats(key, "CREATOR", 10) for key in (*good, *over)))
    await kept(licensing, seats(good[1], "VIEWER", 100))
    lately, long_ago = datetime.now(UTC), datetime.now(UTC) - timedelta(days=31)
    await kept(
        licensing,
        seated(deployment, "CREATOR", 1, last_used_at=lately),
        seated(deployment, "CREATOR", 2, last_used_at=long_ago),
        seated(deployment, "CREATOR", 3),
        seated(deployment, "CREATOR", 4, last_used_at=lately, released_at=lately),
        seated(deployment, "EXPLORER", 5, last_used_at=lately),
    )

    data = await answered(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        DETAIL,
        id=global_id(deployment),
    )

    assert data["deployment"]["seats"] == [
        {
            "role": "CREATOR",
            "purchased": 20,
            "assigned": 3,
            "inUse": 1,
            "endsOn": in_days(0).isoformat(),
        },
        {"role": "EXPLORER", "purchased": 0, "assigned": 1, "inUse": 1, "endsOn": None},
        {
            "role": "VIEWER",
            "purchased": 100,
            "assigned": 0,
            "inUse": 0,
            "endsOn": in_days(30).isoformat(),
        },
    ]


async def test_where_nobody_signs_in_it_is_unknown_how_many_seats_are_in_use(
    licensing: Database,
) -> None:
    account = new_id()
    deployment = a_deployment(account)
    await kept(licensing, deployment, seated(deployment, "CREATOR", 1))

    data = await answered(
        licensing,
        a_caller(*ADMINISTRATOR, account_id=account),
        DETAIL,
        id=global_id(deployment),
    )

    assert data["deployment"]["seats"][0]["inUse"] is None


async def test_a_group_manager_sees_deployments_with_managed_keys_and_only_their_seats(
    licensing: Database,
) -> None:
    account, person = new_id(), new_id()
    group = a_group(account)
    shared, other = a_deployment(account, "Shared"), a_deployment(account, "Other")
    mine = a_key(account, group_id=group.id, deployment_id=shared.id)
    foreign = [a_key(account, deployment_id=each.id) for each in (shared, other)]
    await kept(licensing, group, a_manager(group, person), shared, other, mine, *foreign)
    await kept(licensing, *(seats(key, "VIEWER", 5) for key in (mine, *foreign)))
    caller = a_caller(*GROUP_MANAGER, account_id=account, id=person)

    listed = await entity(licensing, caller, "Account", to_global("acc", account), OF_ACCOUNT)
    detail = await answered(licensing, caller, DETAIL, id=global_id(shared))
    hidden = await answered(licensing, caller, DETAIL, id=global_id(other))

    assert listed == {"deployments": {"totalCount": 1, "nodes": [{"name": "Shared"}]}}
    assert detail["deployment"]["keys"] == {"totalCount": 1}
    assert [pool["purchased"] for pool in detail["deployment"]["seats"]] == [5]
    assert hidden == {"deployment": None}


@pytest.mark.parametrize(
    ("role", "found"), [(ADMINISTRATOR, 1), (PARTNER_AGENT, 1), (INDIVIDUAL, None)]
)
async def test_deployments_are_for_those_who_read_them_in_the_account(
    licensing: Database, role: tuple[Capability, ...], found: int | None
) -> None:
    account = new_id()
    deployment = a_deployment(account)
    await kept(licensing, deployment)
    caller = a_caller(*role, account_id=account)

    listed = await entity(
        licensing, caller, "Account", to_global("acc", account), "{ deployments { totalCount } }"
    )
    detail = await entity(licensing, caller, "Deployment", global_id(deployment), "{ name }")

    assert listed == {"deployments": {"totalCount": found} if found else None}
    assert (detail is not None) == (found is not None)


async def test_a_keys_deployment_is_hidden_from_those_who_read_none(licensing: Database) -> None:
    account, person = new_id(), new_id()
    deployment = a_deployment(account)
    key = a_key(account, deployment_id=deployment.id, owner_id=person)
    await kept(licensing, deployment, key)
    document = "{ productKeys { nodes { deployment { name } } } }"

    admin = await answered(licensing, a_caller(*ADMINISTRATOR, account_id=account), document)
    owner = await answered(
        licensing, a_caller(*INDIVIDUAL, account_id=account, id=person), document
    )

    assert admin["productKeys"]["nodes"] == [{"deployment": {"name": "Production"}}]
    assert owner["productKeys"]["nodes"] == [{"deployment": None}]


@pytest.mark.parametrize(
    ("login_based", "flag"),
    [([], False), ([False], False), ([True, False], False), ([True], True), ([True, True], True)],
)
async def test_an_account_signs_in_when_no_deployment_is_left_that_takes_typed_keys(
    licensing: Database, login_based: list[bool], flag: bool
) -> None:
    account = new_id()
    await kept(licensing, *(a_deployment(account, login_based=each) for each in login_based))

    for caller in (
        a_caller(*DOWNLOAD_ONLY, account_id=account),
        staff(Capability.INVOICE_READ),
    ):
        found = await entity(
            licensing, caller, "Account", to_global("acc", account), "{ loginBasedLicensing }"
        )
        assert found == {"loginBasedLicensing": flag}


async def test_a_foreign_account_is_no_entity(licensing: Database) -> None:
    account = new_id()
    await kept(licensing, a_deployment(account, login_based=True))

    found = await entity(
        licensing,
        a_stranger(),
        "Account",
        to_global("acc", account),
        "{ loginBasedLicensing productKeys { totalCount } }",
    )

    assert found is None


async def test_an_online_site_without_sign_in_cannot_be(licensing: Database) -> None:
    with pytest.raises(IntegrityError, match="online_is_login_based"):
        await kept(licensing, a_deployment(new_id(), platform=DeploymentPlatform.ONLINE))


async def test_a_deployment_has_one_production_environment(licensing: Database) -> None:
    deployment = a_deployment(new_id())
    await kept(licensing, deployment, environment(deployment, "Main", True))

    with pytest.raises(IntegrityError, match="uq_deployment_environments_production"):
        await kept(licensing, environment(deployment, "Second", True))


@pytest.mark.parametrize("count", [1, 10])
async def test_deployments_take_as_many_statements_however_many_there_are(
    licensing: Database, count: int
) -> None:
    account = new_id()
    await kept(licensing, *(a_deployment(account, f"{n}") for n in range(count)))
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    selection = """{ deployments { nodes {
        keys { totalCount nodes { id } } seats { role } environments { name } } } }"""

    with statements(licensing) as seen:
        await entity(licensing, caller, "Account", to_global("acc", account), selection)

    # Deployments, their keys, how many, seats bought, seats given, environments.
    assert len(seen) == 6
