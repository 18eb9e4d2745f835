"""Accounts, people and callers for the tests of identity."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import event
from strawberry.types import ExecutionResult

from kit.columns import utc_now
from kit.contract import Capability, PrincipalKind
from kit.database import Base, Database
from kit.emails import email_key
from kit.ids import new_id, to_global
from kit.messages import Catalogues
from kit.notices.tokens import MailedTokens
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from kit.signing import Keyring
from services.identity.authentication.throttle import LIMITS, Throttle
from services.identity.context import Context
from services.identity.loaders import Loaders
from services.identity.models import (
    Account,
    ApiClient,
    Desk,
    Membership,
    PartnerRelation,
    Role,
    Session,
    StaffAssignment,
    User,
)
from services.identity.principals import principal_of
from services.identity.schema import schema
from services.identity.settings import Settings
from tests.support.callers import past_the_directives
from tests.support.credentials import NO_REDIS, the_credentials

SIGNING_KEYS = "k1:000102030405060708090a0b0c0d0e0f"
MAILED_TOKENS = MailedTokens(bytes(32), "identity")
FILES = SignedUrls("https://portal.example", Keyring({"1": bytes(32)}))

_numbers = count(1)


def the_settings(database_url: str, **changed: Any) -> Settings:
    """Settings for tests: passwords are hashed fast."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": NO_REDIS,
        "signing_keys": SIGNING_KEYS,
        "cursor_key": "00" * 32,
        "files_url": "memory:///",
        "mail_url": "smtp://127.0.0.1:1",
        "password_passes": 1,
        "password_memory": 8,
        "password_lanes": 1,
    }
    return Settings(**{**values, **changed})


@asynccontextmanager
async def an_identity(url: str) -> AsyncIterator[Database]:
    """A connection to one of identity's databases."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def an_account(name: str = "Acme", **values: Any) -> Account:
    """An account with a number of its own."""
    return Account(**{"number": f"A-{next(_numbers):06}", "name": name, **values})


def a_user(first_name: str = "Ada", last_name: str = "Byron", **values: Any) -> User:
    """A person with an e-mail address of their own."""
    email = values.pop("email", f"{first_name}.{last_name}.{next(_numbers)}@example.com")
    return User(
        first_name=first_name,
        last_name=last_name,
        email=email,
        email_key=email_key(email),
        **values,
    )


def a_member(
    account: Account, user: User, role: Role = Role.INDIVIDUAL, **values: Any
) -> Membership:
    """The person's membership."""
    return Membership(account_id=account.id, user_id=user.id, role=role, **values)


def a_relation(account: Account, partner: Account, **values: Any) -> PartnerRelation:
    """A partner relation that began yesterday and grants all that partners can have."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    defaults = {"scope": list(Capability), "since": yesterday}
    return PartnerRelation(account_id=account.id, partner_id=partner.id, **{**defaults, **values})


def staff(user: User, desk: Desk) -> StaffAssignment:
    """The person serves this desk."""
    return StaffAssignment(user_id=user.id, desk=desk)


def a_client(account: Account | None, *scopes: Capability, **values: Any) -> ApiClient:
    """A machine client that nobody knows the secret of."""
    defaults = {"expires_at": datetime.now(UTC) + timedelta(days=30), "secret_hash": bytes(32)}
    return ApiClient(
        account_id=account.id if account is not None else None,
        name="Nightly import",
        scopes=list(scopes),
        **{**defaults, **values},
    )


async def kept(database: Database, *rows: Base) -> None:
    """Store the rows, each after those before it."""
    async with database.system() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def a_session(database: Database, holder: User | ApiClient, **values: Any) -> Session:
    """A session that lives for a day, and its proof as long."""
    column = "user_id" if isinstance(holder, User) else "api_client_id"
    expires_at = datetime.now(UTC) + timedelta(days=1)
    lasting = {"expires_at": expires_at, "proven_until": expires_at}
    session = Session(**{column: holder.id, **lasting, **values})
    await kept(database, session)
    return session


async def signed_in(database: Database, holder: User | ApiClient) -> Principal:
    """The principal that the gateway would get for a new session."""
    started = await a_session(database, holder)
    found = await loaded(database, started.id)
    assert found is not None
    return found


async def loaded(
    database: Database, session_id: UUID, now: datetime | None = None
) -> Principal | None:
    """The principal of a session."""
    async with database.system() as session:
        return await principal_of(session, session_id, now or datetime.now(UTC))


def a_stranger() -> Principal:
    """Somebody who has signed in and may do nothing."""
    return Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


async def ask(
    database: Database,
    principal: Principal,
    document: str,
    variables: Mapping[str, Any] | None = None,
    *,
    throttle: Throttle | None = None,
) -> ExecutionResult:
    """Execute an operation in the name of a caller whom only row rules can stop."""
    principal = past_the_directives(principal)
    paginator = Paginator(Cursors(bytes(32)))
    throttle = throttle or Throttle(NO_REDIS, LIMITS)
    credentials = the_credentials(database, throttle=throttle, now=utc_now)
    context = Context(
        principal=principal,
        locale="en",
        database=database,
        paginator=paginator,
        catalogues=Catalogues(),
        loaders=Loaders(database, paginator, principal),
        files=FILES,
        mailed_tokens=MAILED_TOKENS,
        throttle=throttle,
        password_changes=credentials.changes,
        second_factors=credentials.second_factors,
    )
    result = await schema.execute(
        document, variable_values=dict(variables or {}), context_value=context
    )
    assert isinstance(result, ExecutionResult)
    return result


async def answered(
    database: Database, principal: Principal, document: str, **variables: Any
) -> Any:
    """The data of an operation without errors."""
    result = await ask(database, principal, document, variables)
    assert result.errors is None, result.errors
    return result.data


def global_id(row: Account | User | Membership | Session | ApiClient) -> str:
    """The row's id as clients know it."""
    prefixes = {
        Account: "acc",
        User: "user",
        Membership: "mem",
        Session: "ses",
        ApiClient: "cli",
    }
    return to_global(prefixes[type(row)], row.id)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run inside the block."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)
