"""Machine clients get another secret, and are barred, by the people of their account."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from kit.contract import Capability
from kit.database import Database
from kit.outbox import OutboxRow
from services.identity.authentication.errors import BadClient
from services.identity.events import PrincipalChanged, SessionEnded
from tests.support.audits import audited
from tests.support.client_mutations import a_caller, codes, wanted
from tests.support.clients import SECRET, a_managed_client, client_sign_in, shown
from tests.support.identity import (
    a_client,
    a_session,
    answered,
    global_id,
    kept,
    loaded,
    signed_in,
)

ROTATE = """mutation ($id: ID!) { rotateApiClientSecret(id: $id) {
  client { id } secret errors { code path } } }"""
REVOKE = """mutation ($id: ID!) { revokeApiClient(id: $id) {
  client { revokedAt } secret errors { code path } } }"""
KEYS = Capability.KEY_READ_ALL


NOW = datetime.now(UTC)


async def announced(identity: Database, topic: str, payload: dict[str, str]) -> int:
    async with identity.system() as session:
        rows = await session.scalars(
            select(OutboxRow.id).where(OutboxRow.topic == topic, OutboxRow.payload == payload)
        )
        return len(rows.all())


async def test_secrets_are_given_to_those_who_proved_lately_who_they_are(
    identity: Database,
) -> None:
    managed = await a_managed_client(identity, KEYS)
    unproven = await a_session(identity, managed.creator, proven_until=None)
    caller = await loaded(identity, unproven.id)
    assert caller is not None
    id = global_id(managed.client)

    refused = await codes(identity, caller, wanted(managed.account, KEYS))
    rotated = (await answered(identity, caller, ROTATE, id=id))["rotateApiClientSecret"]
    revoked = (await answered(identity, caller, REVOKE, id=id))["revokeApiClient"]

    assert refused == [("STEP_UP_REQUIRED", None)]
    assert rotated == {
        "client": None,
        "secret": None,
        "errors": [{"code": "STEP_UP_REQUIRED", "path": None}],
    }
    assert revoked["errors"] == []


async def test_a_new_secret_is_shown_and_the_old_one_is_good_for_a_while(
    identity: Database,
) -> None:
    managed = await a_managed_client(identity, KEYS)
    caller, machines = await signed_in(identity, managed.creator), client_sign_in(identity)

    found = await answered(identity, caller, ROTATE, id=global_id(managed.client))

    secret = found["rotateApiClientSecret"]["secret"]
    assert (await machines.sign_in(shown(managed.client, secret))).scopes == {KEYS}
    assert (await machines.sign_in(shown(managed.client, SECRET))).scopes == {KEYS}
    assert await audited(identity, managed.account) == [("api-client.secret-rotated", None)]


async def test_of_three_secrets_the_oldest_is_not_good_any_more(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)
    caller, machines = await signed_in(identity, managed.creator), client_sign_in(identity)

    for _ in range(2):
        await answered(identity, caller, ROTATE, id=global_id(managed.client))

    with pytest.raises(BadClient):
        await machines.sign_in(shown(managed.client, SECRET))


@pytest.mark.parametrize("dead", [{"revoked_at": NOW}, {"expires_at": NOW}])
async def test_a_dead_client_gets_no_new_secret(identity: Database, dead: dict[str, Any]) -> None:
    managed = await a_managed_client(identity, KEYS, **dead)
    caller = await signed_in(identity, managed.creator)

    found = await answered(identity, caller, ROTATE, id=global_id(managed.client))

    assert found["rotateApiClientSecret"] == {
        "client": None,
        "secret": None,
        "errors": [{"code": "WRONG_STATE", "path": None}],
    }


async def test_a_revoked_client_is_over_at_once(identity: Database) -> None:
    managed = await a_managed_client(identity, KEYS)
    caller, machines = await signed_in(identity, managed.creator), client_sign_in(identity)
    token = await machines.sign_in(shown(managed.client))
    session_id = await machines.tokens.session_of(token.access_token)
    assert session_id is not None

    first = await answered(identity, caller, REVOKE, id=global_id(managed.client))
    again = await answered(identity, caller, REVOKE, id=global_id(managed.client))

    assert first["revokeApiClient"]["errors"] == []
    assert again["revokeApiClient"]["errors"] == [{"code": "WRONG_STATE", "path": None}]
    assert await loaded(identity, session_id) is None
    ended = {"session_id": str(session_id)}
    assert await announced(identity, SessionEnded.topic, ended) == 1
    changed = {"principal_id": str(managed.client.id)}
    assert await announced(identity, PrincipalChanged.topic, changed) == 1
    assert await audited(identity, managed.account) == [("api-client.revoked", None)]
    with pytest.raises(BadClient):
        await machines.sign_in(shown(managed.client))


@pytest.mark.parametrize(
    ("operation", "field"), [(ROTATE, "rotateApiClientSecret"), (REVOKE, "revokeApiClient")]
)
async def test_others_clients_and_dashboards_are_as_if_they_were_not(
    identity: Database, operation: str, field: str
) -> None:
    _, caller = await a_caller(identity)
    others, dashboard = await a_managed_client(identity, KEYS), a_client(None, KEYS)
    await kept(identity, dashboard)

    for id in (global_id(others.client), global_id(dashboard), "cli_nonsense"):
        found = await answered(identity, caller, operation, id=id)
        assert [error["code"] for error in found[field]["errors"]] == ["NOT_FOUND"]
