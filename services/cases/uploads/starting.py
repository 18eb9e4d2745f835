"""Beginning an upload, by GraphQL or by tus."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.errors import NotFound
from kit.principal import Principal
from services.cases.errors import FileTooLarge, InvalidChecksum, ReadOnly, TooManyUploads
from services.cases.models import Case, CaseFile, UploadSession, is_staff
from services.cases.models.file import MAY_OPEN
from services.cases.permissions import permissions
from services.cases.repository.writing import WritingRepository
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.names import safe_name

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is announced: for a case, or for one that will be opened in an account."""

    name: str
    size: int
    sha256: str | None = None
    case_id: UUID | None = None
    account_id: UUID | None = None


async def start_upload(
    session: AsyncSession, principal: Principal, new: NewFile, limits: UploadLimits
) -> UploadSession:
    """An upload of which nothing has arrived yet.

    Raises `NotFound`, `ReadOnly`, `FileTooLarge`, `TooManyUploads` and `InvalidChecksum`.
    """
    account_id = await _account_of(session, principal, new)
    sha256 = new.sha256.lower() if new.sha256 is not None else None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise InvalidChecksum(path=("sha256",))
    await require_room(session, principal, new.size, limits)
    now = utc_now()
    file = CaseFile(
        account_id=account_id,
        case_id=new.case_id,
        name=safe_name(new.name),
        size=new.size,
        sha256=sha256,
        # The staff's own are seen by others when they come with words for them.
        internal=is_staff(principal),
        uploaded_by_id=principal.id,
        created_at=now,
    )
    upload = UploadSession(
        account_id=account_id,
        file_id=file.id,
        user_id=principal.id,
        length=new.size,
        expires_at=now + limits.patience,
        created_at=now,
    )
    session.add(file)
    await session.flush()
    session.add(upload)
    await session.flush()
    return upload


async def start_partial(
    session: AsyncSession, principal: Principal, new: NewFile, limits: UploadLimits
) -> UploadSession:
    """An upload that will be part of another. Raises as `start_upload` does."""
    account_id = await _account_of(session, principal, new)
    await require_room(session, principal, new.size, limits)
    now = utc_now()
    upload = UploadSession(
        account_id=account_id,
        user_id=principal.id,
        length=new.size,
        expires_at=now + limits.patience,
        created_at=now,
    )
    session.add(upload)
    await session.flush()
    return upload


async def require_room(
    session: AsyncSession, principal: Principal, size: int, limits: UploadLimits
) -> None:
    """Raises `FileTooLarge` and `TooManyUploads`."""
    if size > limits.size:
        raise FileTooLarge(path=("size",), most=limits.size)
    unfinished = await session.scalar(
        select(func.count())
        .select_from(UploadSession)
        .where(
            UploadSession.user_id == principal.id,
            UploadSession.finished_at.is_(None),
            UploadSession.expires_at > utc_now(),
        )
    )
    if (unfinished or 0) >= limits.open:
        raise TooManyUploads(most=limits.open)


async def _account_of(session: AsyncSession, principal: Principal, new: NewFile) -> UUID:
    if new.case_id is not None:
        case = await session.get(Case, new.case_id)
        if case is None:
            raise NotFound(path=("caseId",))
        access = await WritingRepository(session).access(case, principal.id)
        if not permissions(principal, case, access).upload:
            raise ReadOnly(path=("caseId",))
        return case.account_id
    if new.account_id is None or not any(
        principal.holds(capability, new.account_id) for capability in MAY_OPEN
    ):
        raise NotFound(path=("accountId",))
    return new.account_id
