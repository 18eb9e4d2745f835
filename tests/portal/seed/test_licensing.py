"""The demonstration data of licensing: complete, consistent, the same each time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import pytest_asyncio

from portal.seed import licensing
from portal.seed.copying import Copier
from portal.seed.identifiers import seeded_id
from portal.seed.scale import CONTRACTS_PER_ACCOUNT, Scale
from portal.seed.world import World, make_world
from services.licensing.key_codes import PREFIXES, read_code
from services.licensing.key_vault import KeyVault
from services.licensing.models import ActivationMethod, KeyProduct, LoginAction
from tests.support.databases import Databases

NOW: Final = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SCALE: Final = Scale()
SECRETS: Final = {
    "LICENSING_KEY_SECRETS": f"k1:{'31' * 32}",
    "LICENSING_KEY_HASH_SECRET": "68" * 32,
}
VAULT: Final = KeyVault.parse(*SECRETS.values())


def report(what: str, done: int, total: int) -> None:
    """Nobody watches."""


async def loaded(databases: Databases, world: World) -> Any:
    """A connection to a database with all of it."""
    copier = await Copier.open(databases.of("licensing"), "licensing", report, SECRETS)
    await licensing.load(copier, world, SCALE)
    return copier.connection


@pytest.fixture(scope="module")
def world() -> World:
    """The people and accounts."""
    return make_world(SCALE.accounts, NOW)


@pytest_asyncio.fixture(scope="module")
async def seeded(databases: Databases, world: World) -> AsyncIterator[Any]:
    """The database that most tests look at."""
    connection = await loaded(databases, world)
    try:
        yield connection
    finally:
        await connection.close()


async def test_the_data_are_the_same_each_time(
    seeded: Any, databases: Databases, world: World
) -> None:
    again = await loaded(databases, world)
    plain = """select id, digest, head, tail, product, expires_on, assignee_id, assigned_email,
        last_registered_at, activations_used from product_keys order by id"""

    try:
        assert await again.fetch(plain) == await seeded.fetch(plain)
    finally:
        await again.close()


async def test_keys_open_and_say_what_they_are(seeded: Any) -> None:
    rows = await seeded.fetch("select id, sealed, secret_id, head, tail, product from product_keys")

    codes = {row["id"]: VAULT.open(row["id"], row["sealed"], row["secret_id"]) for row in rows}

    assert all(read_code(code) == code for code in codes.values())
    for row in rows:
        code = codes[row["id"]]
        assert (code[:2], code[-4:]) == (row["head"], row["tail"])
        assert code.startswith(PREFIXES[KeyProduct(row["product"])])


@pytest.mark.parametrize(
    "condition",
    [
        "expires_on < today",
        "expires_on = today",
        "expires_on between today and today + 90",
        "expires_on is null and maintenance_ends_on < today",
        "expires_on is null and maintenance_ends_on >= today",
        "starts_on > today and visible_from <= today",
        "visible_from > today",
        "suspended_at is not null",
        "revoked_at is not null",
        "assigned_at is null",
        "assigned_at is not null and assignee_id is null",
        "last_registered_at is null",
        "activations_used = activations_allowed",
        "replaces_id is not null",
        "group_id is null",
        "deployment_id is null",
        "reference_note is not null",
    ],
)
async def test_every_state_of_a_key_is_there(seeded: Any, condition: str) -> None:
    found = await seeded.fetchval(
        f"select count(*) from product_keys, (select $1::date as today) as now where {condition}",
        NOW.date(),
    )

    assert found > 0


@pytest.mark.parametrize(
    ("table", "column", "kinds"),
    [
        ("product_keys", "product", KeyProduct),
        ("activations", "method", ActivationMethod),
        ("login_events", "action", LoginAction),
    ],
)
async def test_every_kind_is_there(seeded: Any, table: str, column: str, kinds: Any) -> None:
    rows = await seeded.fetch(f"select distinct {column} as kind from {table}")

    assert {row["kind"] for row in rows} == {kind.name for kind in kinds}


async def test_the_numbers_are_those_of_the_scale(seeded: Any, world: World) -> None:
    rows = await seeded.fetch("select account_id, count(*) as n from product_keys group by 1")

    expected = {customer.id: SCALE.keys_of(customer.share) for customer in world.customers}
    assert {row["account_id"]: row["n"] for row in rows} == expected


async def test_other_services_find_keys_and_contracts_by_their_names(
    seeded: Any, world: World
) -> None:
    for customer in world.customers:
        rows = await seeded.fetch(
            "select id, contract_id from product_keys where account_id = $1", customer.id
        )
        contracts = {seeded_id("contract", customer.index, n) for n in range(CONTRACTS_PER_ACCOUNT)}
        assert {row["id"] for row in rows} == {
            seeded_id("key", customer.index, k) for k in range(len(rows))
        }
        assert {row["contract_id"] for row in rows} - {None} <= contracts


async def test_where_people_sign_in_no_good_key_is_left_to_type(seeded: Any) -> None:
    rows = await seeded.fetch(
        """select k.product, k.expires_on from product_keys k join deployments d
            on d.id = k.deployment_id
            where d.login_based and k.product in ('CREATOR', 'DESKTOP', 'PREP')"""
    )

    assert rows, "old keys stay readable"
    assert all(row["expires_on"] < NOW.date() for row in rows)


async def test_accounts_sign_in_as_the_world_says(seeded: Any, world: World) -> None:
    rows = await seeded.fetch(
        "select account_id, bool_and(login_based) as all from deployments group by 1"
    )

    flags = {row["account_id"]: row["all"] for row in rows}
    assert flags == {customer.id: customer.login_based for customer in world.customers}


async def test_no_more_seats_are_given_than_were_bought(seeded: Any) -> None:
    rows = await seeded.fetch(
        """with bought as (
            select k.deployment_id, s.role, sum(s.purchased) as n from key_seats s
            join product_keys k on k.id = s.key_id
            where k.revoked_at is null and k.suspended_at is null and k.starts_on <= $1
              and (k.expires_on is null or k.expires_on >= $1) group by 1, 2
        ), given as (
            select deployment_id, role, count(*) as n from seat_assignments
            where released_at is null group by 1, 2
        )
        select given.n, bought.n as bought from given left join bought
            using (deployment_id, role)""",
        NOW.date(),
    )

    assert rows
    assert all(row["n"] <= (row["bought"] or 0) for row in rows)


async def test_keys_say_what_their_histories_say(seeded: Any) -> None:
    wrong = await seeded.fetchval(
        """select count(*) from product_keys k where
            activations_used <> (select count(*) from activations a
                where a.key_id = k.id and a.deactivated_at is null)
            or last_active_at is distinct from (select max(last_seen_at) from activations a
                where a.key_id = k.id)
            or last_registered_at is distinct from (select max(at) from registrations r
                where r.key_id = k.id)
            or last_registration_id is distinct from (select id from registrations r
                where r.key_id = k.id order by at desc limit 1)
            or assigned_email is distinct from (select email from assignments a
                where a.key_id = k.id and a.ended_at is null)"""
    )

    assert wrong == 0


async def test_nothing_has_happened_yet_that_is_to_come(seeded: Any) -> None:
    moments = {
        "registrations": "at",
        "activations": "activated_at",
        "assignments": "assigned_at",
        "login_events": "at",
        "seat_assignments": "last_used_at",
    }

    latest = [
        await seeded.fetchval(f"select max({at}) from {name}") for name, at in moments.items()
    ]

    assert max(latest) <= NOW


async def test_the_people_of_the_demonstration_have_keys(seeded: Any, world: World) -> None:
    held = await seeded.fetch(
        "select distinct coalesce(assignee_id, owner_id) as id from product_keys"
    )
    managed = await seeded.fetch("select distinct user_id from key_group_managers")

    people = {person.email: person.id for person in world.people if person.demonstrates}
    assert people["individual@example.com"] in {row["id"] for row in held}
    assert people["group.manager@example.com"] in {row["user_id"] for row in managed}
