"""The audit log of an account as a list, oldest first."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.exports.cells import Cell
from kit.exports.runner import Report
from kit.messages import N_, Message
from services.identity.models import ApiClient, AuditEvent, AuditExport, User

#: Rows that are fetched at once, from a cursor on the server.
_AT_ONCE: Final = 500

_COLUMNS: Final = tuple(
    map(
        Message,
        (
            N_("Time (UTC)"),
            N_("Done by"),
            N_("Action"),
            N_("Done to"),
            N_("Detail"),
        ),
    )
)


async def _rows(session: AsyncSession, job: AuditExport) -> AsyncIterator[Sequence[Cell | Message]]:
    found = await session.stream(_events(job).execution_options(yield_per=_AT_ONCE))
    async for row in found:
        yield [row.at, row.actor, row.action, row.target, row.detail]


def _events(job: AuditExport) -> Select[*tuple[Any, ...]]:
    person = User.first_name + " " + User.last_name
    events = (
        select(
            *(AuditEvent.at, AuditEvent.action, AuditEvent.target, AuditEvent.detail),
            func.coalesce(person, ApiClient.name).label("actor"),
        )
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(ApiClient, ApiClient.id == AuditEvent.actor_id)
        .where(among(AuditEvent.account_id, job.account_ids))
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    if job.since is not None:
        events = events.where(AuditEvent.at >= job.since)
    return events.where(AuditEvent.at < job.until) if job.until is not None else events


AUDIT_LOG: Final[Report[AuditExport]] = Report(
    title=Message(N_("Audit log")), columns=lambda job: _COLUMNS, rows=_rows
)
