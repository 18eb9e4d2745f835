"""Machine clients: an id and a secret for a token, with what is left of the client's scopes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from kit.contract import Capability
from kit.database import Database
from services.identity.authentication.clients import ClientCredentials
from services.identity.authentication.errors import BadClient, InvalidScope, TooManyAttempts
from services.identity.authentication.sessions import hash_of
from services.identity.authentication.throttle import Guarded, Limits, Throttle
from services.identity.models import AccountStatus, ApiClient, Membership, Role
from services.identity.rights import accounts, members
from services.identity.rights.act import Act
from tests.support.clients import SECRET, a_managed_client, client_sign_in, shown
from tests.support.credentials import NO_REDIS, UNLIMITED, Clock
from tests.support.identity import a_user, global_id, kept, loaded

KEYS, CASES = Capability.KEY_READ_ALL, Capability.CASE_READ_ALL


def an_act() -> Act:
    return Act(actor_id=None, at=datetime.now(UTC), holds=frozenset(Capability))


async def demote(identity: Database, membership: Membership, role: Role) -> None:
    async with identity.system() as session:
        await members.change_role(
            session,
            membership.id,
            role=role,
            case_administrator=False,
            expected_version=1,
            act=an_act(),
        )


async def test_the_token_is_of_a_session_with_the_clients_rights(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)

    token = await machines.sign_in(shown(managed.client))

    keys: Any = {"keys": await machines.tokens.keys.published()}
    claims = jwt.decode(
        token.access_token, KeySet.import_key_set(keys), algorithms=["Ed25519"]
    ).claims
    principal = await loaded(identity, UUID(claims["sid"]))
    assert claims["sub"] == global_id(managed.client)
    assert token.scopes == {KEYS}
    assert principal is not None
    assert principal.accounts == {managed.account.id: {KEYS}}


async def test_use_is_noted(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)

    await client_sign_in(identity).sign_in(shown(managed.client))

    async with identity.system() as session:
        used = await session.get_one(ApiClient, managed.client.id)
    assert used.last_used_at is not None


async def test_a_narrower_scope_is_granted_and_is_all_that_the_session_has(
    identity: Database,
) -> None:
    managed, machines = await a_managed_client(identity, KEYS, CASES), client_sign_in(identity)

    token = await machines.sign_in(shown(managed.client), frozenset({CASES}))

    session_id = await machines.tokens.session_of(token.access_token)
    assert session_id is not None
    principal = await loaded(identity, session_id)
    assert token.scopes == {CASES}
    assert principal is not None
    assert principal.scopes == {CASES.scope}


async def test_more_than_the_client_has_is_refused_whole(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)

    with pytest.raises(InvalidScope):
        await client_sign_in(identity).sign_in(shown(managed.client), frozenset({KEYS, CASES}))


async def test_a_token_is_said_to_end_when_its_client_does(identity: Database) -> None:
    clock = Clock()
    ends = clock.now + timedelta(seconds=90)
    managed = await a_managed_client(identity, KEYS, expires_at=ends)

    token = await client_sign_in(identity, clock).sign_in(shown(managed.client))

    assert token.expires_in == 90


@pytest.mark.parametrize(
    "values",
    [
        {"revoked_at": datetime.now(UTC)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
    ],
)
async def test_a_dead_client_is_refused(identity: Database, values: dict[str, Any]) -> None:
    managed = await a_managed_client(identity, KEYS, **values)

    with pytest.raises(BadClient):
        await client_sign_in(identity).sign_in(shown(managed.client))


async def test_a_wrong_secret_is_refused(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)

    with pytest.raises(BadClient):
        await client_sign_in(identity).sign_in(shown(managed.client, "wrong"))


async def test_who_is_no_client_is_refused(identity: Database) -> None:
    person = a_user()
    await kept(identity, person)

    for id in ("", "nonsense", global_id(person)):
        with pytest.raises(BadClient):
            await client_sign_in(identity).sign_in(ClientCredentials(id, SECRET))


async def test_a_replaced_secret_is_good_for_its_grace_and_no_longer(identity: Database) -> None:
    clock = Clock()
    managed = await a_managed_client(
        identity,
        KEYS,
        secret_hash=hash_of("new"),
        previous_secret_hash=hash_of(SECRET),
        previous_secret_until=clock.now + timedelta(hours=1),
    )
    machines = client_sign_in(identity, clock)

    within = await machines.sign_in(shown(managed.client, SECRET))
    clock.now += timedelta(hours=1)

    assert within.scopes == {KEYS}
    assert (await machines.sign_in(shown(managed.client, "new"))).scopes == {KEYS}
    with pytest.raises(BadClient):
        await machines.sign_in(shown(managed.client, SECRET))


async def test_guessing_secrets_of_one_client_is_throttled(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)
    limits = {**UNLIMITED, Guarded.CLIENT_SECRET: Limits(pair="8 per minute")}
    machines = client_sign_in(identity, throttle=Throttle(NO_REDIS, limits))
    for guess in ("one", "other"):
        with pytest.raises(BadClient):
            await machines.sign_in(shown(managed.client, guess, address="203.0.113.7"))

    with pytest.raises(TooManyAttempts):
        await machines.sign_in(shown(managed.client, SECRET, address="203.0.113.7"))

    assert (await machines.sign_in(shown(managed.client, address="203.0.113.8"))).scopes == {KEYS}


async def test_a_demoted_creators_client_has_what_they_have_left(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS, Capability.INVOICE_READ)
    machines = client_sign_in(identity)
    before = await machines.sign_in(shown(managed.client))

    await demote(identity, managed.membership, Role.LICENSE_ADMINISTRATOR)

    session_id = await machines.tokens.session_of(before.access_token)
    assert session_id is not None
    principal = await loaded(identity, session_id)
    assert principal is not None
    assert principal.scopes == {KEYS.scope}
    assert (await machines.sign_in(shown(managed.client))).scopes == {KEYS}


async def test_a_removed_creators_client_can_do_nothing(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)
    before = await machines.sign_in(shown(managed.client))

    async with identity.system() as session:
        await members.remove_members(
            session, managed.account.id, [managed.membership.id], act=an_act()
        )

    session_id = await machines.tokens.session_of(before.access_token)
    assert session_id is not None
    principal = await loaded(identity, session_id)
    assert principal is not None
    assert principal.scopes == frozenset()
    with pytest.raises(InvalidScope):
        await machines.sign_in(shown(managed.client))


async def test_a_client_without_a_creator_can_do_nothing(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS, created_by_id=None)

    with pytest.raises(InvalidScope):
        await client_sign_in(identity).sign_in(shown(managed.client))


async def test_in_a_suspended_account_a_client_reads_and_does_nothing_else(
    identity: Database,
) -> None:
    managed = await a_managed_client(identity, KEYS, Capability.CASE_CREATE)
    async with identity.system() as session:
        await accounts.change_account_status(
            session, managed.account.id, AccountStatus.SUSPENDED, act=an_act()
        )

    token = await client_sign_in(identity).sign_in(shown(managed.client))

    assert token.scopes == {KEYS}


async def test_what_only_people_do_is_no_clients_whatever_its_row_says(
    identity: Database,
) -> None:
    managed = await a_managed_client(identity, KEYS, Capability.KEY_REVEAL, Capability.INVOICE_PAY)

    token = await client_sign_in(identity).sign_in(shown(managed.client))

    assert token.scopes == {KEYS}


async def test_clients_of_a_creator_demoted_meanwhile_never_have_more_than_they(
    identity: Database,
) -> None:
    managed = await a_managed_client(identity, KEYS, Capability.INVOICE_READ)
    machines = client_sign_in(identity)

    async with asyncio.TaskGroup() as group:
        demotion = group.create_task(
            demote(identity, managed.membership, Role.LICENSE_ADMINISTRATOR)
        )
        sign_ins = [group.create_task(machines.sign_in(shown(managed.client))) for _ in range(20)]

    assert demotion.done()
    for sign_in in sign_ins:
        session_id = await machines.tokens.session_of(sign_in.result().access_token)
        assert session_id is not None
        principal = await loaded(identity, session_id)
        assert principal is not None
        assert principal.scopes == {KEYS.scope}
