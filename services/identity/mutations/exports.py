"""Asking for files: lists of members and of what was done."""

from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import strawberry

from kit.columns import plain
from kit.contract import ExportFormat
from kit.errors import Forbidden, NotFound
from kit.exports.asking import enqueue
from kit.exports.job import ExportJob
from kit.idempotency import once
from kit.ids import from_global
from kit.subgraph.refusal import refusable
from services.identity import models
from services.identity.context import Info
from services.identity.errors import EmptyPeriod
from services.identity.exports.files import export_id
from services.identity.rights.act import audit
from services.identity.rights.authority import authorized
from services.identity.types.export import (
    AUDITORS,
    EXPORTERS,
    AuditExport,
    AuditExportPayload,
    UserExport,
    UserExportPayload,
)

J = TypeVar("J", bound=ExportJob)


@strawberry.type
class ExportMutations:
    """The same key gives the same export. Who takes lists away is in the audit log."""

    @refusable(directives=[EXPORTERS])
    async def export_users(
        self,
        info: Info,
        account_id: strawberry.ID,
        format: ExportFormat,
        idempotency_key: strawberry.ID,
    ) -> UserExportPayload:
        """The account's members as a file."""
        job = models.UserExport(**_asked(info, account_id, format))
        row = await _enqueued(info, job, "exportUsers", idempotency_key, [account_id, format])
        return UserExportPayload(export=UserExport.of(row, info.context))

    @refusable(directives=[AUDITORS])
    async def export_audit_log(
        self,
        info: Info,
        account_id: strawberry.ID,
        format: ExportFormat,
        idempotency_key: strawberry.ID,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AuditExportPayload:
        """What was done in the account from `since` up to, not including, `until`."""
        if since is not None and until is not None and until <= since:
            raise EmptyPeriod(path=("until",))
        job = models.AuditExport(**_asked(info, account_id, format), since=since, until=until)
        parameters = [account_id, format, since, until]
        row = await _enqueued(info, job, "exportAuditLog", idempotency_key, parameters)
        return AuditExportPayload(export=AuditExport.of(row, info.context))


def _asked(info: Info, account_id: str, format: ExportFormat) -> dict[str, Any]:
    """What all exports of an account are made of. Raises `NotFound`."""
    context = info.context
    id = from_global("acc", account_id)
    if id is None:
        raise NotFound(path=("accountId",))
    return {
        "requested_by_id": context.principal.id,
        "account_ids": [id],
        "principal": context.principal.encode(),
        "format": format,
        "locale": context.locale,
    }


async def _enqueued(info: Info, job: J, operation: str, key: str, parameters: list[Any]) -> J:
    context = info.context
    account_id, path = job.account_ids[0], ("accountId",)
    async with context.database.system() as session:
        _, act = await authorized(session, context.principal, account_id, job.capability, path=path)
        if not job.needed() <= act.holds:
            raise Forbidden(path=path)

        async def ask() -> UUID:
            await enqueue(session, job)
            audit(session, account_id, act, _ACTIONS[type(job)], target=export_id(job))
            return job.id

        id = await once(
            session,
            context.principal,
            operation=operation,
            key=plain(key),
            parameters=parameters,
            act=ask,
        )
        row = await session.get_one(type(job), id)
    context.loaders.forget()
    return row


_ACTIONS: Final[dict[type[ExportJob], str]] = {
    models.UserExport: "members.exported",
    models.AuditExport: "audit-log.exported",
}
