"""From asking for a list to fetching its file, and whom it is kept from on the way."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import delete, select, update
from starlette.applications import Starlette

from kit.contract import Capability, JobState
from kit.database import Database
from kit.exports.errors import ExportFailure
from kit.ids import new_id
from kit.messages import Catalogues
from kit.objects import Objects
from kit.principal import Principal
from kit.signing import Keyring, Signer, Verifier
from kit.subgraph.downloads import Downloads
from kit.subgraph.signed import Gate
from services.identity import models
from services.identity.exports.files import authorizers
from services.identity.exports.running import audit_exports, user_exports
from services.identity.models import Account, AuditEvent, Membership, MembershipState, Role, User
from tests.support.asgi import Answer, call
from tests.support.identity import (
    FILES,
    SIGNING_KEYS,
    a_client,
    a_member,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    loaded,
    signed_in,
)

KEYS = Keyring.parse(SIGNING_KEYS)
EXPORT_USERS = """mutation ($id: ID!, $key: ID!, $format: ExportFormat!) {
    exportUsers(accountId: $id, format: $format, idempotencyKey: $key) {
        export { id state url } errors { code path } } }"""
EXPORT_AUDIT_LOG = """mutation ($id: ID!, $key: ID!, $since: DateTime, $until: DateTime) {
    exportAuditLog(
        accountId: $id, format: CSV, idempotencyKey: $key, since: $since, until: $until
    ) { export { id state } errors { code path } } }"""
USER_EXPORT = "query ($id: ID!) { userExport(id: $id) { state rowCount url failure } }"
AUDIT_EXPORT = "query ($id: ID!) { auditExport(id: $id) { state rowCount url failure } }"


@dataclass
class Office:
    """An account with an administrator and two members, one of whom was invited."""

    identity: Database
    account: Account
    administrator: User
    caller: Principal
    objects: Objects

    async def asked(self, caller: Principal | None = None, **changed: Any) -> Any:
        """Asks for the members."""
        told = {"id": global_id(self.account), "key": str(new_id()), "format": "CSV", **changed}
        data = await answered(self.identity, caller or self.caller, EXPORT_USERS, **told)
        return data["exportUsers"]

    async def ready(self, document: str = USER_EXPORT, **changed: Any) -> Any:
        """The export of the members once its file was made."""
        id = (await self.asked(**changed))["export"]["id"]
        await self.run()
        return await self.now(id, document)

    async def now(self, id: str, document: str = USER_EXPORT) -> Any:
        data = await answered(self.identity, self.caller, document, id=id)
        return next(iter(data.values()))

    async def run(self) -> None:
        catalogues = Catalogues()
        while await user_exports(self.identity, self.objects, catalogues).run_next():
            pass
        while await audit_exports(self.identity, self.objects, catalogues).run_next():
            pass

    async def fetch(self, url: str, caller: Principal | None = None) -> Answer:
        """As the gateway fetches it, in the caller's name."""
        gate = Gate(Verifier(KEYS, audience="identity"), 1024 * 1024)
        files = Downloads("identity", gate, FILES, self.objects, authorizers(self.identity))
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}"
        encoded = (caller or self.caller).encode()
        body = orjson.dumps({"extensions": {"principal": encoded}})
        signed = Signer(KEYS).headers(audience="identity", method="GET", path=path, body=body)
        app = Starlette(routes=files.routes())
        return await call(app, path, method="GET", body=body, headers=signed)

    async def rows(self, url: str) -> list[list[str]]:
        answer = await self.fetch(url)
        assert answer.status == 200, answer.body
        return list(csv.reader(StringIO(answer.body.decode("utf-8-sig"), newline="")))

    async def demote(self) -> Principal:
        """The administrator's rights afterwards."""
        async with self.identity.system() as session:
            await session.execute(
                update(Membership)
                .where(Membership.user_id == self.administrator.id)
                .values(role=Role.INDIVIDUAL)
            )
        assert self.caller.session_id is not None
        current = await loaded(self.identity, self.caller.session_id)
        assert current is not None
        return current


@pytest_asyncio.fixture
async def office(identity: Database) -> Office:
    administrator = a_user("Ada", "Byron", mfa_enabled=True)
    account, member, former = an_account(), a_user("=Grace()", "Zeta"), a_user("Old", "Member")
    then = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    await kept(
        identity,
        *(administrator, account, member, former),
        a_member(account, administrator, Role.ADMINISTRATOR, created_at=then),
        a_member(account, member, Role.BILLING, case_administrator=True, created_at=then),
        a_member(account, former, state=MembershipState.REMOVED),
        models.Invitation(
            account_id=account.id,
            email=member.email,
            email_key=member.email_key,
            first_name="Grace",
            last_name="Zeta",
            role=Role.BILLING,
            token_hash=new_id().bytes,
            invited_by_id=administrator.id,
            expires_at=then,
            accepted_at=then,
        ),
    )
    caller = await signed_in(identity, administrator)
    return Office(identity, account, administrator, caller, Objects.open("memory:///"))


async def test_the_members_of_an_account_become_a_file(office: Office) -> None:
    before = await office.asked()
    await office.run()
    export = await office.now(before["export"]["id"])

    rows = await office.rows(export["url"])

    assert (before["errors"], before["export"]["state"]) == ([], "QUEUED")
    assert before["export"]["url"] is None
    assert (export["state"], export["rowCount"], export["failure"]) == ("DONE", 2, None)
    header, first, second = rows
    assert header[:4] == ["First name", "Last name", "E-mail", "Role"]
    assert [*first[:2], *first[3:7], *first[8:]] == [
        *("Ada", "Byron", "Administrator", "No", "Active", "Yes"),
        *("2026-11-02 09:30:00", ""),
    ]
    assert [*second[:2], *second[3:7], *second[8:]] == [
        *("'=Grace()", "Zeta", "Billing", "Yes", "Active", "No"),
        *("2026-11-02 09:30:00", "Ada Byron"),
    ]


async def test_a_file_is_called_after_the_account(office: Office) -> None:
    export = await office.ready(format="XLSX")

    answer = await office.fetch(export["url"])

    today = datetime.now(UTC).date()
    name = f"users-{office.account.number}-{today}.xlsx"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_the_same_key_gives_the_same_export(office: Office) -> None:
    first = await office.asked(key="once")

    again = await office.asked(key="once")
    other = await office.asked(key="once", format="XLS")

    assert again == first
    assert other["errors"] == [{"code": "IDEMPOTENCY_MISMATCH", "path": ["idempotencyKey"]}]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.INDIVIDUAL, "FORBIDDEN"),
        (Role.KEY_GROUP_MANAGER, "FORBIDDEN"),
        (None, "NOT_FOUND"),
    ],
)
async def test_who_may_not_export_is_refused(office: Office, role: Role | None, code: str) -> None:
    user, elsewhere = a_user(), an_account()
    account = office.account if role is not None else elsewhere
    await kept(
        office.identity, user, elsewhere, a_member(account, user, role or Role.ADMINISTRATOR)
    )

    refused = await office.asked(await signed_in(office.identity, user))

    assert refused == {"export": None, "errors": [{"code": code, "path": ["accountId"]}]}


async def test_a_machine_exports_with_the_scopes_for_it(office: Office) -> None:
    scopes = (Capability.REPORT_EXPORT, Capability.MEMBER_READ)
    client = a_client(office.account, *scopes, created_by_id=office.administrator.id)
    poor = a_client(office.account, scopes[0], created_by_id=office.administrator.id)
    await kept(office.identity, client, poor)

    asked = await office.asked(await signed_in(office.identity, client))
    refused = await office.asked(await signed_in(office.identity, poor))

    assert (asked["errors"], asked["export"]["state"]) == ([], "QUEUED")
    assert refused["errors"] == [{"code": "FORBIDDEN", "path": ["accountId"]}]


async def test_rights_lost_before_the_file_is_made_make_none(office: Office) -> None:
    id = (await office.asked())["export"]["id"]
    await office.demote()

    await office.run()

    async with office.identity.system() as session:
        [job] = (
            await session.scalars(
                select(models.UserExport).where(
                    models.UserExport.requested_by_id == office.administrator.id
                )
            )
        ).all()
    assert (job.state, job.error) == (JobState.FAILED, ExportFailure.FORBIDDEN)
    assert [each async for each in office.objects.list(f"exports/{job.id}")] == []
    assert await office.now(id) is not None


async def test_rights_lost_afterwards_close_the_file(office: Office) -> None:
    export = await office.ready()

    demoted = await office.demote()
    answer = await office.fetch(export["url"], demoted)

    assert answer.status == 404


async def test_a_file_is_made_though_its_requester_has_signed_out(office: Office) -> None:
    id = (await office.asked())["export"]["id"]
    async with office.identity.system() as session:
        await session.execute(
            update(models.Session)
            .where(models.Session.id == office.caller.session_id)
            .values(ended_at=datetime.now(UTC))
        )

    await office.run()

    assert (await office.now(id))["state"] == "DONE"


async def test_a_session_that_nobody_knows_any_more_reads_nothing(office: Office) -> None:
    id = (await office.asked())["export"]["id"]
    async with office.identity.system() as session:
        await session.execute(
            delete(models.Session).where(models.Session.id == office.caller.session_id)
        )

    await office.run()

    assert (await office.now(id))["failure"] == "FORBIDDEN"


async def test_an_export_is_its_requesters_alone(office: Office) -> None:
    colleague = a_user()
    await kept(office.identity, colleague, a_member(office.account, colleague, Role.ADMINISTRATOR))
    other = await signed_in(office.identity, colleague)
    id = (await office.asked())["export"]["id"]
    await office.run()
    url = (await office.now(id))["url"]

    seen = await answered(office.identity, other, USER_EXPORT, id=id)
    answer = await office.fetch(url, other)

    assert seen == {"userExport": None}
    assert answer.status == 403


async def test_one_person_waits_for_so_many_exports_at_once(office: Office) -> None:
    for _ in range(3):
        await office.asked()

    refused = await office.asked()
    await office.run()
    allowed = await office.asked()

    assert [error["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
    assert allowed["errors"] == []


async def test_the_audit_log_becomes_a_file(office: Office) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=days) for days in range(3)]
    await kept(
        office.identity,
        *(
            AuditEvent(
                account_id=office.account.id,
                at=at,
                actor_id=office.administrator.id,
                action="membership.removed",
                target="mem_1",
                detail=f"@{at:%d}",
            )
            for at in days
        ),
    )
    asked = await answered(
        office.identity,
        office.caller,
        EXPORT_AUDIT_LOG,
        id=global_id(office.account),
        key="audit",
        since=days[1].isoformat(),
        until=days[2].isoformat(),
    )
    await office.run()
    export = await office.now(asked["exportAuditLog"]["export"]["id"], AUDIT_EXPORT)

    rows = await office.rows(export["url"])

    assert rows == [
        ["Time (UTC)", "Done by", "Action", "Done to", "Detail"],
        ["2026-01-02 00:00:00", "Ada Byron", "membership.removed", "mem_1", "'@02"],
    ]


async def test_a_period_that_ends_before_it_begins_is_refused(office: Office) -> None:
    data = await answered(
        office.identity,
        office.caller,
        EXPORT_AUDIT_LOG,
        id=global_id(office.account),
        key="audit",
        since="2026-01-02T00:00:00Z",
        until="2026-01-02T00:00:00Z",
    )

    assert data["exportAuditLog"]["errors"] == [{"code": "INVALID", "path": ["until"]}]


async def test_who_takes_lists_away_is_in_the_audit_log(office: Office) -> None:
    id = (await office.asked())["export"]["id"]

    data = await answered(
        office.identity,
        office.caller,
        "query ($id: ID!) { account(id: $id) { auditLog { nodes { action target } } } }",
        id=global_id(office.account),
    )

    assert data["account"]["auditLog"]["nodes"] == [{"action": "members.exported", "target": id}]
