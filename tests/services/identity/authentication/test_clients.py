"""Machine clients: an id and a secret for a token."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from kit.contract import Capability
from kit.database import Database
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.clients import ClientSignIn
from services.identity.authentication.errors import BadClient
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import hash_of
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.models import ApiClient
from tests.support.identity import a_client, a_user, an_account, global_id, kept, loaded

SECRET = "s3cret"


def the_sign_in(identity: Database) -> ClientSignIn:
    keys = SigningKeys(identity, Sealer(b"k" * 32), lifetime=timedelta(days=30))
    return ClientSignIn(identity, AccessTokens(keys, "issuer", timedelta(minutes=5)))


async def the_client(identity: Database, **values: Any) -> ApiClient:
    account = an_account()
    client = a_client(account, Capability.KEY_READ_ALL, secret_hash=hash_of(SECRET), **values)
    await kept(identity, account, client)
    return client


async def test_the_token_is_of_a_session_with_the_clients_rights(identity: Database) -> None:
    client, machines = await the_client(identity), the_sign_in(identity)

    token = await machines.sign_in(global_id(client), SECRET)

    keys: Any = {"keys": await machines.tokens.keys.published()}
    claims = jwt.decode(
        token.access_token, KeySet.import_key_set(keys), algorithms=["Ed25519"]
    ).claims
    principal = await loaded(identity, UUID(claims["sid"]))
    assert claims["sub"] == global_id(client)
    assert token.scopes == (Capability.KEY_READ_ALL,)
    assert principal is not None
    assert principal.id == client.id


async def test_use_is_noted(identity: Database) -> None:
    client = await the_client(identity)

    await the_sign_in(identity).sign_in(global_id(client), SECRET)

    async with identity.system() as session:
        used = await session.get_one(ApiClient, client.id)
    assert used.last_used_at is not None


@pytest.mark.parametrize(
    "values",
    [
        {"revoked_at": datetime.now(UTC)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
    ],
)
async def test_a_dead_client_is_refused(identity: Database, values: dict[str, Any]) -> None:
    client = await the_client(identity, **values)

    with pytest.raises(BadClient):
        await the_sign_in(identity).sign_in(global_id(client), SECRET)


async def test_a_wrong_secret_is_refused(identity: Database) -> None:
    client = await the_client(identity)

    with pytest.raises(BadClient):
        await the_sign_in(identity).sign_in(global_id(client), "wrong")


async def test_who_is_no_client_is_refused(identity: Database) -> None:
    person = a_user()
    await kept(identity, person)

    for id in ("", "nonsense", global_id(person)):
        with pytest.raises(BadClient):
            await the_sign_in(identity).sign_in(id, SECRET)
