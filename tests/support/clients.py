"""Machine clients with the people who created them, for the tests of identity."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from kit.contract import Capability
from kit.database import Database
from services.identity.authentication.access_tokens import AccessTokens
from services.identity.authentication.clients import ClientCredentials, ClientSignIn
from services.identity.authentication.sealing import Sealer
from services.identity.authentication.sessions import hash_of
from services.identity.authentication.signing_keys import SigningKeys
from services.identity.authentication.throttle import Throttle
from services.identity.models import Account, ApiClient, Membership, Role, User
from tests.support.credentials import Clock, unlimited
from tests.support.identity import a_client, a_member, a_user, an_account, global_id, kept

SECRET: Final = "s3cret"
ISSUER: Final = "https://portal.example"


@dataclass(frozen=True, slots=True)
class Managed:
    """A client, and whose rights it cannot exceed."""

    client: ApiClient
    account: Account
    creator: User
    membership: Membership


async def a_managed_client(
    identity: Database,
    *scopes: Capability,
    role: Role = Role.ADMINISTRATOR,
    account: Account | None = None,
    **values: Any,
) -> Managed:
    """A client with `SECRET`, created by a member of its account, which has another
    administrator."""
    account, creator, other = account or an_account(), a_user(), a_user()
    membership = a_member(account, creator, role)
    client = a_client(
        account,
        *scopes,
        **{"created_by_id": creator.id, "secret_hash": hash_of(SECRET), **values},
    )
    administrator = a_member(account, other, Role.ADMINISTRATOR)
    await kept(identity, account, creator, other, membership, administrator, client)
    return Managed(client, account, creator, membership)


def client_sign_in(
    identity: Database, clock: Clock | None = None, throttle: Throttle | None = None
) -> ClientSignIn:
    """Sign-in of machine clients, without limits unless there is a `throttle`."""
    now = clock or Clock()
    keys = SigningKeys(identity, Sealer(b"k" * 32), lifetime=timedelta(days=30))
    tokens = AccessTokens(keys, ISSUER, timedelta(minutes=5), now)
    return ClientSignIn(identity, tokens, throttle or unlimited(), now)


def shown(client: ApiClient, secret: str = SECRET, **values: Any) -> ClientCredentials:
    """What the client shows."""
    return ClientCredentials(global_id(client), secret, **values)
