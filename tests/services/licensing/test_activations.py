"""Activations: of keys, by login, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import Activation, ActivationMethod, KeyProduct
from tests.support.licensing import (
    ADMINISTRATOR,
    GROUP_MANAGER,
    PARTNER_AGENT,
    a_caller,
    a_group,
    a_key,
    a_manager,
    a_registration,
    an_activation,
    entity,
    global_id,
    kept,
)

NOW = datetime.now(UTC)


def by_login(account_id: Any, **values: Any) -> Activation:
    defaults = {"product": KeyProduct.DESKTOP, "machine": "vdi-1"}
    return Activation(
        account_id=account_id, method=ActivationMethod.LOGIN, **{**defaults, **values}
    )


async def of_account(
    database: Database, caller: Any, account: Any, arguments: str = ""
) -> list[str]:
    """The hosts in the account's list, which agree with its total."""
    found = await entity(
        database,
        caller,
        "Account",
        to_global("acc", account),
        f"{{ activations{arguments} {{ totalCount nodes {{ host }} }} }}",
    )
    hosts = [node["host"] for node in found["activations"]["nodes"]]
    assert found["activations"]["totalCount"] == len(hosts)
    return hosts


async def test_an_activation_tells_all_that_is_known(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    full = an_activation(
        key,
        fulfilment_id="F1",
        name="Ada",
        email="ada@example.com",
        version="2026.3",
        host="h1",
        activated_at=NOW,
        last_seen_at=NOW,
        lease_ends_at=NOW + timedelta(days=5),
    )
    blank = by_login(account)
    await kept(licensing, key, full, blank)
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    selection = """{ fulfilmentId product key { id } method name email version host state
        activatedAt lastSeenAt leaseEndsAt }"""

    known = await entity(licensing, caller, "Activation", global_id(full), selection)
    unknown = await entity(licensing, caller, "Activation", global_id(blank), selection)

    moment = NOW.isoformat().replace("+00:00", "Z")
    assert known == {
        "fulfilmentId": "F1",
        "product": "CREATOR",
        "key": {"id": global_id(key)},
        "method": "PRODUCT_KEY",
        "name": "Ada",
        "email": "ada@example.com",
        "version": "2026.3",
        "host": "h1",
        "state": "ACTIVE",
        "activatedAt": moment,
        "lastSeenAt": moment,
        "leaseEndsAt": (NOW + timedelta(days=5)).isoformat().replace("+00:00", "Z"),
    }
    assert (unknown["method"], unknown["key"], unknown["name"]) == ("LOGIN", None, None)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "ACTIVE"),
        ({"lease_ends_at": NOW + timedelta(hours=1)}, "ACTIVE"),
        ({"lease_ends_at": NOW - timedelta(hours=1)}, "OBSOLETE"),
        ({"deactivated_at": NOW}, "OBSOLETE"),
    ],
)
async def test_an_activation_is_obsolete_once_returned_or_past_its_lease(
    licensing: Database, values: dict[str, Any], state: str
) -> None:
    account = new_id()
    key = a_key(account)
    activation = an_activation(key, **values)
    await kept(licensing, key, activation)
    caller = a_caller(*ADMINISTRATOR, account_id=account)

    found = await entity(licensing, caller, "Activation", global_id(activation), "{ state }")

    assert found == {"state": state}


async def test_activations_by_login_are_for_those_who_read_all_keys(licensing: Database) -> None:
    account, person = new_id(), new_id()
    group = a_group(account)
    mine, other = a_key(account, group_id=group.id), a_key(account)
    await kept(
        licensing,
        *(group, a_manager(group, person), mine, other),
        *(an_activation(mine, host="mine"), an_activation(other, host="other")),
        by_login(account, host="login"),
    )
    admin = a_caller(*ADMINISTRATOR, account_id=account)
    manager = a_caller(*GROUP_MANAGER, account_id=account, id=person)

    assert set(await of_account(licensing, admin, account)) == {"mine", "other", "login"}
    assert await of_account(licensing, manager, account) == ["mine"]


async def test_without_the_right_there_is_no_list(licensing: Database) -> None:
    account = new_id()
    caller = a_caller(*PARTNER_AGENT, account_id=account)

    found = await entity(
        licensing,
        caller,
        "Account",
        to_global("acc", account),
        "{ activations { totalCount } }",
    )

    assert found == {"activations": None}


async def test_activations_are_found_by_product_and_by_use_since_a_moment(
    licensing: Database,
) -> None:
    account = new_id()
    old = NOW - timedelta(days=60)
    await kept(
        licensing,
        by_login(account, host="new", activated_at=NOW, product=KeyProduct.PREP),
        by_login(account, host="used", activated_at=old, last_seen_at=NOW),
        by_login(account, host="idle", activated_at=old, last_seen_at=old),
    )
    caller = a_caller(*ADMINISTRATOR, account_id=account)
    since = (NOW - timedelta(days=30)).isoformat()

    assert await of_account(licensing, caller, account, '(product: "prep")') == ["new"]
    assert await of_account(licensing, caller, account, '(product: "ADD_ON")') == []
    assert await of_account(licensing, caller, account, '(product: "nonsense")') == []
    recent = await of_account(licensing, caller, account, f'(since: "{since}")')
    assert set(recent) == {"new", "used"}


async def test_the_latest_come_first(licensing: Database) -> None:
    account = new_id()
    key = a_key(account)
    rows = [
        an_activation(key, machine=f"m{n}", host=f"h{n}", activated_at=NOW - timedelta(days=n))
        for n in (3, 1, 2)
    ]
    names = [a_registration(key, f"n{n}", at=NOW - timedelta(days=n)) for n in (3, 1, 2)]
    await kept(licensing, key, *rows, *names)
    caller = a_caller(Capability.KEY_READ_ALL, Capability.ACTIVATION_READ, account_id=account)

    found = await entity(
        licensing,
        caller,
        "ProductKey",
        global_id(key),
        """{ activations(first: 2) { totalCount nodes { host } }
             registrations(first: 2) { totalCount nodes { name } } }""",
    )

    assert found == {
        "activations": {"totalCount": 3, "nodes": [{"host": "h1"}, {"host": "h2"}]},
        "registrations": {"totalCount": 3, "nodes": [{"name": "n1"}, {"name": "n2"}]},
    }


async def test_a_key_never_has_more_activations_than_it_allows(licensing: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_product_keys_activations"):
        await kept(licensing, a_key(new_id(), activations_used=3, activations_allowed=2))


async def test_the_same_machine_holds_one_activation_of_a_key(licensing: Database) -> None:
    key = a_key(new_id())
    await kept(licensing, key, an_activation(key, "m1", deactivated_at=NOW))
    await kept(licensing, an_activation(key, "m1"))

    with pytest.raises(IntegrityError, match="uq_activations_key_id_machine"):
        await kept(licensing, an_activation(key, "m1"))
