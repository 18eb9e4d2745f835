"""What machine clients ask about their own tokens."""

from datetime import timedelta
from uuid import UUID

import pytest

from kit.contract import Capability
from kit.database import Database
from services.identity.authentication.client_tokens import ClientTokens
from services.identity.authentication.errors import BadClient, ForeignToken
from services.identity.authentication.sign_in import Attempt
from services.identity.models import Role
from tests.support.clients import ISSUER, a_managed_client, client_sign_in, shown
from tests.support.credentials import Clock
from tests.support.identity import a_member, global_id, kept, loaded
from tests.support.signing_in import PASSWORD, a_person, the_sign_in

KEYS = Capability.KEY_READ_ALL
INACTIVE = {"active": False}


async def test_a_good_token_is_said_to_be_so_and_for_what(identity: Database) -> None:
    clock = Clock()
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity, clock)
    token = (await machines.sign_in(shown(managed.client))).access_token

    said = await ClientTokens(machines).introspect(shown(managed.client), token)

    assert {**said, "jti": ""} == {
        "active": True,
        "scope": KEYS.scope,
        "client_id": global_id(managed.client),
        "token_type": "Bearer",
        "iss": ISSUER,
        "aud": "portal",
        "sub": global_id(managed.client),
        "iat": int(clock.now.timestamp()),
        "exp": int(clock.now.timestamp()) + 300,
        "jti": "",
    }


async def test_an_old_token_is_not_active(identity: Database) -> None:
    clock = Clock()
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity, clock)
    token = (await machines.sign_in(shown(managed.client))).access_token
    clock.now += timedelta(minutes=5)

    assert await ClientTokens(machines).introspect(shown(managed.client), token) == INACTIVE


async def test_of_another_clients_token_nothing_is_said(identity: Database) -> None:
    machines = client_sign_in(identity)
    one, other = await a_managed_client(identity, KEYS), await a_managed_client(identity, KEYS)
    token = (await machines.sign_in(shown(one.client))).access_token

    assert await ClientTokens(machines).introspect(shown(other.client), token) == INACTIVE


async def test_of_what_is_no_token_nothing_is_said(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)

    assert await ClientTokens(machines).introspect(shown(managed.client), "x.y.z") == INACTIVE


async def test_a_revoked_tokens_session_is_over(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)
    token = (await machines.sign_in(shown(managed.client))).access_token
    session_id = await machines.tokens.session_of(token)

    await ClientTokens(machines).revoke(shown(managed.client), token)

    assert isinstance(session_id, UUID)
    assert await loaded(identity, session_id) is None
    assert await ClientTokens(machines).introspect(shown(managed.client), token) == INACTIVE


async def test_what_is_no_token_is_revoked_already(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)

    await ClientTokens(machines).revoke(shown(managed.client), "x.y.z")


async def test_another_clients_token_is_not_revoked(identity: Database) -> None:
    machines = client_sign_in(identity)
    one, other = await a_managed_client(identity, KEYS), await a_managed_client(identity, KEYS)
    token = (await machines.sign_in(shown(one.client))).access_token

    with pytest.raises(ForeignToken):
        await ClientTokens(machines).revoke(shown(other.client), token)

    assert (await ClientTokens(machines).introspect(shown(one.client), token))["active"] is True


async def test_a_persons_token_is_not_revoked_by_a_client(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)
    person = await a_person(identity)
    await kept(identity, a_member(managed.account, person, Role.ADMINISTRATOR))
    people = the_sign_in(identity)
    tokens = await people.sign_in(Attempt(person.email, PASSWORD))

    with pytest.raises(ForeignToken):
        await ClientTokens(machines).revoke(shown(managed.client), tokens.access_token)

    assert (await people.refresh(tokens.refresh_token)).access_token


async def test_who_does_not_authenticate_hears_nothing(identity: Database) -> None:
    managed, machines = await a_managed_client(identity, KEYS), client_sign_in(identity)
    token = (await machines.sign_in(shown(managed.client))).access_token

    with pytest.raises(BadClient):
        await ClientTokens(machines).introspect(shown(managed.client, "wrong"), token)
    with pytest.raises(BadClient):
        await ClientTokens(machines).revoke(shown(managed.client, "wrong"), token)
