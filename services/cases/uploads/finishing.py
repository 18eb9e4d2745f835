"""The last byte of an upload has arrived."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.outbox import record
from services.cases.acting import Act
from services.cases.errors import UploadIncomplete
from services.cases.events import FileArrived
from services.cases.models import (
    Case,
    CaseEventKind,
    CaseFile,
    FileRequest,
    FileState,
    UploadSession,
)


async def finish(session: AsyncSession, upload_id: UUID) -> UploadSession | None:
    """The file waits to be looked into, and the case tells of it; said twice, it is one.

    None when there is no such upload. Raises `UploadIncomplete`.
    """
    upload = await session.get(
        UploadSession, upload_id, with_for_update=True, populate_existing=True
    )
    if upload is None or upload.finished_at is not None:
        return upload
    if upload.offset < upload.length:
        raise UploadIncomplete(offset=upload.offset, length=upload.length)
    upload.finished_at = utc_now()
    if upload.file_id is not None:
        file = await session.get_one(CaseFile, upload.file_id, with_for_update=True)
        file.state = FileState.SCANNING
        await announce_file(session, file)
    return upload


async def announce_file(session: AsyncSession, file: CaseFile) -> None:
    """Tell of a file that has arrived, once it has a case."""
    if file.case_id is None:
        return
    now = utc_now()
    case = await session.get_one(Case, file.case_id, with_for_update=True)
    if file.internal:
        case.updated_at = now
    else:
        case.changed(now)
        await session.execute(
            update(FileRequest)
            .where(FileRequest.case_id == case.id, FileRequest.fulfilled_at.is_(None))
            .values(fulfilled_at=now)
            .execution_options(synchronize_session=False)
        )
    act = Act(session, case, file.uploaded_by_id, now)
    act.happened(CaseEventKind.FILE_ADDED, after=file.name, staff_only=file.internal)
    arrived = FileArrived(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        file_id=file.id,
        by_staff=file.internal,
    )
    record(session, arrived)
