"""Keys, deployments and callers for the tests of licensing."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event
from strawberry.types import ExecutionResult

from kit.contract import Capability, PrincipalKind
from kit.database import Base, Database
from kit.ids import new_id, to_global
from kit.messages import Catalogues
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from services.licensing import models
from services.licensing.context import Context
from services.licensing.key_codes import new_code
from services.licensing.key_vault import KeyVault
from services.licensing.loaders import Loaders
from services.licensing.models import (
    Activation,
    ActivationMethod,
    Deployment,
    DeploymentPlatform,
    Download,
    KeyGroup,
    KeyGroupManager,
    KeyProduct,
    ProductKey,
    Registration,
)
from services.licensing.schema import schema
from services.licensing.settings import Settings
from tests.support.callers import past_the_directives

SIGNING_KEYS = "k1:000102030405060708090a0b0c0d0e0f"
VAULT: Final = KeyVault({"k1": b"1" * 32}, b"h" * 32)

_C = Capability

#: What identity grants these roles, as far as licensing cares.
ADMINISTRATOR: Final = (
    *(_C.MEMBER_READ, _C.KEY_READ_ALL, _C.KEY_REFERENCE_READ, _C.KEY_REVEAL, _C.KEY_MANAGE_ALL),
    *(_C.ACTIVATION_READ, _C.DEPLOYMENT_READ, _C.DEPLOYMENT_MANAGE, _C.DOWNLOAD),
    *(_C.REPORT_EXPORT, _C.AGGREGATE_READ),
)
GROUP_MANAGER: Final = (
    *(_C.KEY_READ_GROUP, _C.KEY_READ_OWN, _C.KEY_REFERENCE_READ, _C.KEY_REVEAL),
    *(_C.KEY_MANAGE_GROUP, _C.ACTIVATION_READ, _C.DEPLOYMENT_READ, _C.DOWNLOAD),
    *(_C.REPORT_EXPORT, _C.AGGREGATE_READ),
)
INDIVIDUAL: Final = (
    *(_C.KEY_READ_OWN, _C.KEY_REFERENCE_READ, _C.KEY_REVEAL, _C.ACTIVATION_READ, _C.DOWNLOAD),
)
DOWNLOAD_ONLY: Final = (_C.KEY_READ_OWN, _C.KEY_REVEAL, _C.ACTIVATION_READ, _C.DOWNLOAD)
PARTNER_AGENT: Final = (_C.KEY_READ_ALL, _C.DEPLOYMENT_READ, _C.DOWNLOAD)


def the_settings(database_url: str, **changed: Any) -> Settings:
    """Settings for tests."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": "redis://127.0.0.1:1",
        "signing_keys": SIGNING_KEYS,
        "cursor_key": "00" * 32,
        "files_url": "memory:///",
        "key_secrets": f"k1:{'31' * 32}",
        "key_hash_secret": "68" * 32,
    }
    return Settings(**{**values, **changed})


@asynccontextmanager
async def a_licensing(url: str) -> AsyncIterator[Database]:
    """A connection to one of licensing's databases."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def in_days(days: int) -> date:
    """The day so many days from today, or ago."""
    return today() + timedelta(days=days)


def a_key(account_id: UUID, code: str | None = None, **values: Any) -> ProductKey:
    """A Creator key that is good for another 200 days."""
    product = values.pop("product", KeyProduct.CREATOR)
    id = new_id()
    sealed = VAULT.seal(id, code or new_code(product))
    dates = {
        "starts_on": in_days(-165),
        "expires_on": in_days(200),
        "maintenance_ends_on": in_days(200),
        "visible_from": in_days(-180),
    }
    return ProductKey(
        id=id,
        account_id=account_id,
        sealed=sealed.sealed,
        secret_id=sealed.secret_id,
        digest=sealed.digest,
        head=sealed.head,
        tail=sealed.tail,
        product=product,
        **{**dates, **values},
    )


def assigned_to(name: str, email: str, user_id: UUID | None = None) -> dict[str, Any]:
    """The columns of a key that is assigned."""
    return {
        "assigned_name": name,
        "assigned_email": email,
        "assignee_id": user_id,
        "assigned_at": datetime.now(UTC),
    }


def a_registration(key: ProductKey, name: str | None = "Ada Byron", **values: Any) -> Registration:
    """A registration on the key, which becomes its latest."""
    registration = Registration(account_id=key.account_id, key_id=key.id, name=name, **values)
    key.last_registration_id = registration.id
    key.last_registered_at = registration.at
    key.last_version = registration.version
    return registration


def an_activation(key: ProductKey, machine: str = "m1", **values: Any) -> Activation:
    """An installation that was activated with the key."""
    return Activation(
        account_id=key.account_id,
        key_id=key.id,
        product=key.product,
        method=ActivationMethod.PRODUCT_KEY,
        machine=machine,
        **values,
    )


def a_group(account_id: UUID, name: str = "Finance") -> KeyGroup:
    """A group without managers."""
    return KeyGroup(account_id=account_id, name=name)


def a_manager(group: KeyGroup, user_id: UUID) -> KeyGroupManager:
    """The person manages the group."""
    return KeyGroupManager(
        group_id=group.id, membership_id=new_id(), account_id=group.account_id, user_id=user_id
    )


def a_deployment(account_id: UUID, name: str = "Production", **values: Any) -> Deployment:
    """A Server of the customer's own."""
    return Deployment(
        account_id=account_id, name=name, **{"platform": DeploymentPlatform.SERVER, **values}
    )


def a_download(released_on: date, **values: Any) -> Download:
    """A release of Creator's."""
    defaults = {"product": KeyProduct.CREATOR, "version": "2026.3", "platform": "Windows"}
    return Download(
        released_on=released_on,
        size_bytes=3_000_000_000,
        sha256="ab" * 32,
        object_key="downloads/creator.exe",
        **{**defaults, **values},
    )


def a_caller(*capabilities: Capability, account_id: UUID, **values: Any) -> Principal:
    """Somebody with these capabilities in one account."""
    defaults = {"kind": PrincipalKind.CUSTOMER, "id": new_id()}
    return Principal(accounts={account_id: frozenset(capabilities)}, **{**defaults, **values})


def staff(*capabilities: Capability) -> Principal:
    """Somebody of the vendor's."""
    return Principal(
        kind=PrincipalKind.STAFF,
        id=new_id(),
        everywhere=frozenset(capabilities),
    )


def a_stranger() -> Principal:
    """Somebody who has signed in and may do nothing."""
    return Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


async def kept(database: Database, *rows: Base) -> None:
    """Store the rows, each after those before it."""
    async with database.system() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def ask(
    database: Database,
    principal: Principal,
    document: str,
    variables: Mapping[str, Any] | None = None,
    locale: str = "en",
) -> ExecutionResult:
    """Execute an operation in the name of a caller whom only row rules can stop."""
    principal = past_the_directives(principal)
    paginator = Paginator(Cursors(bytes(32)))
    context = Context(
        principal=principal,
        locale=locale,
        database=database,
        paginator=paginator,
        catalogues=Catalogues(Path(models.__file__).parents[1]),
        loaders=Loaders(database, paginator, principal),
        vault=VAULT,
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


async def entity(
    database: Database, principal: Principal, type_name: str, id: str, selection: str
) -> Any:
    """One entity, as the gateway asks for it."""
    data = await answered(
        database,
        principal,
        f"""query ($of: [_Any!]!) {{
            _entities(representations: $of) {{ ... on {type_name} {selection} }} }}""",
        of=[{"__typename": type_name, "id": id}],
    )
    return data["_entities"][0]


def global_id(row: Base) -> str:
    """The row's id as clients know it."""
    prefixes: dict[type[Base], str] = {
        models.ProductKey: "key",
        models.KeyGroup: "grp",
        models.Deployment: "dep",
        models.Activation: "act",
        models.KeyExport: "kexp",
        models.Download: "dl",
    }
    return to_global(prefixes[type(row)], row.id)  # type: ignore[attr-defined]  # all have one


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
