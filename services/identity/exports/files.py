"""The files of exports: where they are, and who may fetch them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import JobState
from kit.database import Database
from kit.exports.files import CONTENT_TYPES
from kit.exports.job import ExportJob
from kit.ids import from_global, to_global
from kit.principal import Principal
from kit.signed_urls import SignedUrls
from kit.subgraph.downloads import Authorize, StoredFile, path_of
from services.identity.models import Account, AuditExport, UserExport

_SERVICE: Final = "identity"

#: Where their files are, and what these are called.
_KINDS: Final[Mapping[type[ExportJob], str]] = {UserExport: "users", AuditExport: "audit-logs"}
PREFIXES: Final[Mapping[type[ExportJob], str]] = {UserExport: "uexp", AuditExport: "aexp"}


def export_id(row: ExportJob) -> str:
    """The export's id as clients know it."""
    return to_global(PREFIXES[type(row)], row.id)


def file_url(row: ExportJob, urls: SignedUrls, principal: Principal) -> str | None:
    """Where the caller fetches the file for a while; None where there is none, or none yet."""
    if not _is_kept(row, datetime.now(UTC)):
        return None
    path = path_of(_SERVICE, _KINDS[type(row)], export_id(row))
    return urls.sign("GET", path, caller=principal.id).url


def authorizers(database: Database) -> dict[str, Authorize]:
    """Who may fetch which file, by the kind of file."""
    return {kind: _authorize(database, model) for model, kind in _KINDS.items()}


def _authorize(database: Database, model: type[ExportJob]) -> Authorize:
    async def authorize(principal: Principal, id: str) -> StoredFile | None:
        export_id = from_global(PREFIXES[model], id)
        if export_id is None:
            return None
        async with database.session(principal) as session:
            return await _file(session, model, export_id)

    return authorize


async def _file(session: AsyncSession, model: type[ExportJob], id: UUID) -> StoredFile | None:
    row = await session.get(model, id)
    if row is None or row.object_key is None or not _is_kept(row, datetime.now(UTC)):
        return None
    account = await session.get_one(Account, row.account_ids[0])
    name = f"{_KINDS[model]}-{account.number}-{row.created_at:%Y-%m-%d}.{row.format.value.lower()}"
    return StoredFile(row.object_key, name, CONTENT_TYPES[row.format])


def _is_kept(row: ExportJob, now: datetime) -> bool:
    return row.state is JobState.DONE and row.expires_at is not None and now < row.expires_at
