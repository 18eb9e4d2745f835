"""Cases and callers for the tests of the cases service."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import event
from strawberry.types import ExecutionResult

from kit.broadcast import Broadcast
from kit.contract import Capability, PrincipalKind
from kit.database import Base, Database
from kit.ids import new_id, to_global
from kit.messages import Catalogues
from kit.pagination import Cursors, Paginator
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from services.cases.context import Context
from services.cases.loaders import Loaders
from services.cases.models import (
    Case,
    CaseComment,
    CaseFile,
    CaseImpact,
    CaseQueue,
    CaseViewing,
    UploadSession,
)
from services.cases.schema import schema
from services.cases.settings import Settings
from services.cases.uploads.addresses import UploadUrls
from services.cases.watching import Watching
from tests.support.callers import past_the_directives

SIGNING_KEYS = "k1:000102030405060708090a0b0c0d0e0f"

#: What a member holds who sees and opens their own cases.
OWN = (Capability.CASE_CREATE, Capability.CASE_READ_OWN)
#: What an administrator holds.
ALL = (
    Capability.CASE_CREATE,
    Capability.CASE_READ_ALL,
    Capability.AGGREGATE_READ,
    Capability.REPORT_EXPORT,
    Capability.KEY_READ_ALL,
    Capability.DEPLOYMENT_READ,
)

#: Far from those that the service gives.
_numbers = count(50_000_001)


def the_settings(database_url: str, **changed: Any) -> Settings:
    """Settings for tests."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": "redis://127.0.0.1:1",
        "signing_keys": SIGNING_KEYS,
        "cursor_key": "00" * 32,
        "files_url": "memory:///",
        "scanner_url": "signature:",
    }
    return Settings(**{**values, **changed})


@asynccontextmanager
async def a_database(url: str) -> AsyncIterator[Database]:
    """A connection to one of its databases."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def a_caller(
    *capabilities: Capability,
    account: UUID | None = None,
    kind: PrincipalKind = PrincipalKind.CUSTOMER,
) -> Principal:
    """Somebody who holds these in one account: in a new one unless it is given."""
    return Principal(
        kind=kind, id=new_id(), accounts={account or new_id(): frozenset(capabilities)}
    )


def the_account(principal: Principal) -> UUID:
    """The one account of a caller."""
    (account,) = principal.accounts
    return account


def a_colleague(principal: Principal, *capabilities: Capability) -> Principal:
    """Somebody else in the same account."""
    return a_caller(*capabilities, account=the_account(principal))


def staff(*queues: CaseQueue) -> Principal:
    """Somebody who deals with the cases of these queues, or of all."""
    return Principal(
        kind=PrincipalKind.STAFF,
        id=new_id(),
        everywhere=frozenset(
            {Capability.STAFF_CASE, Capability.CASE_CREATE, Capability.AGGREGATE_READ}
        ),
        queues=frozenset(queues or CaseQueue),
    )


def a_dashboard() -> Principal:
    """A machine that sees numbers of all accounts and nothing else."""
    return Principal(
        kind=PrincipalKind.MACHINE,
        id=new_id(),
        everywhere=frozenset({Capability.AGGREGATE_READ}),
    )


def a_stranger() -> Principal:
    """Somebody who has signed in and may do nothing."""
    return Principal(kind=PrincipalKind.CUSTOMER, id=new_id())


def a_case(of: Principal | UUID, **values: Any) -> Case:
    """A case that this person asked for, or of this account."""
    owner = {"account_id": of, "requester_id": new_id()}
    if isinstance(of, Principal):
        owner = {"account_id": the_account(of), "requester_id": of.id}
    number = next(_numbers)
    moment = datetime.now(UTC) - timedelta(minutes=1)
    defaults: dict[str, Any] = {
        "number": f"{number:08}",
        "queue": CaseQueue.TECHNICAL_SUPPORT,
        "impact": CaseImpact.REDUCED,
        "subject": f"Case {number}",
        "description": "It does not work.",
        "created_at": moment,
        "updated_at": moment,
        "customer_updated_at": moment,
    }
    return Case(**{**defaults, **owner, **values})


def a_comment(case: Case, body: str = "And now?", **values: Any) -> CaseComment:
    """A comment by the requester."""
    defaults = {"author_id": case.requester_id, "body": body}
    return CaseComment(case_id=case.id, account_id=case.account_id, **{**defaults, **values})


def a_file(case: Case, name: str = "server.log", **values: Any) -> CaseFile:
    """A file of the requester's, 3 KiB long."""
    defaults = {"uploaded_by_id": case.requester_id, "size": 3072, "name": name}
    return CaseFile(case_id=case.id, account_id=case.account_id, **{**defaults, **values})


def an_upload(file: CaseFile, **values: Any) -> UploadSession:
    """The upload of a file, a third of it done."""
    defaults = {
        "user_id": file.uploaded_by_id,
        "length": file.size,
        "offset": file.size // 3,
        "expires_at": datetime.now(UTC) + timedelta(days=1),
    }
    return UploadSession(file_id=file.id, account_id=file.account_id, **{**defaults, **values})


def a_look(principal: Principal, case: Case, at: datetime | None = None) -> CaseViewing:
    """The caller has looked at the case."""
    return CaseViewing(
        user_id=principal.id,
        case_id=case.id,
        account_id=case.account_id,
        viewed_at=at or datetime.now(UTC),
    )


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
) -> ExecutionResult:
    """Execute an operation in the name of a caller whom only row rules can stop."""
    principal = past_the_directives(principal)
    paginator = Paginator(Cursors(bytes(32)))
    context = Context(
        principal=principal,
        locale=principal.locale or "en",
        database=database,
        paginator=paginator,
        catalogues=Catalogues(),
        loaders=Loaders(database, paginator, principal),
        signed_urls=SignedUrls("https://portal.example.com", the_settings("").file_keys),
        upload_urls=UploadUrls("https://portal.example.com"),
        upload_limits=the_settings("").upload_limits,
        watching=Watching(database, Broadcast("cases", the_settings("").redis_url)),
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


def global_id(row: Case | CaseComment | CaseFile | UploadSession) -> str:
    """The row's id as clients know it."""
    prefixes = {Case: "case", CaseComment: "cmt", CaseFile: "file", UploadSession: "upl"}
    return to_global(prefixes[type(row)], row.id)


def account_id(principal: Principal) -> str:
    """The global id of the caller's account."""
    return to_global("acc", the_account(principal))


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
