"""What is read in order to write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import among
from kit.errors import NotFound
from services.cases.clocks import Calendar, Promise
from services.cases.models import (
    AccountSupport,
    Case,
    CaseAccess,
    CaseFile,
    CaseParticipant,
    CaseViewing,
    FileState,
    Holiday,
    ServiceTarget,
    SupportPlan,
    Target,
    UploadSession,
    case_numbers,
)
from services.cases.models.service_level import UNPROMISED


@dataclass(frozen=True, slots=True)
class WritingRepository:
    """Works on the session of one mutation."""

    session: AsyncSession

    async def next_number(self) -> str:
        """A number that no case has: eight digits, more when they are used up."""
        number = await self.session.scalar(select(func.nextval(case_numbers.name)))
        return f"{number:08}"

    async def locked(self, case_id: UUID | None) -> Case:
        """The case, ours alone until the transaction ends. Raises `NotFound`."""
        rows = select(Case).where(Case.id == case_id).with_for_update(of=Case)
        case = (await self.session.scalars(rows)).one_or_none()
        if case is None:
            raise NotFound(path=("caseId",))
        return case

    async def access(self, case: Case, user_id: UUID) -> CaseAccess | None:
        """What the case is shared with a person for."""
        access: CaseAccess | None = await self.session.scalar(
            select(CaseParticipant.access).where(
                CaseParticipant.case_id == case.id, CaseParticipant.user_id == user_id
            )
        )
        return access

    async def promise(self, case: Case) -> Promise:
        """What support has promised for this case."""
        support = await self.session.get(AccountSupport, case.account_id)
        plan = support.plan if support is not None else SupportPlan.STANDARD
        target = await self.session.get(ServiceTarget, (plan, case.impact))
        holidays = await self.session.scalars(select(Holiday.day))
        zone = ZoneInfo(support.time_zone if support is not None else "UTC")
        return Promise(
            Target.of(target) if target is not None else UNPROMISED,
            Calendar(zone, frozenset(holidays)),
        )

    async def arrived_files(
        self, case: Case, user_id: UUID, upload_ids: Sequence[UUID], *, waiting: bool = False
    ) -> Sequence[CaseFile]:
        """Files that the person has uploaded to the case, whole, and that came with no comment;
        with `waiting`, those for a case that was yet to be opened. Raises `NotFound`."""
        rows = (
            select(CaseFile)
            .join(UploadSession, UploadSession.file_id == CaseFile.id)
            .where(
                among(UploadSession.id, upload_ids),
                UploadSession.user_id == user_id,
                CaseFile.account_id == case.account_id,
                CaseFile.case_id.is_(None) if waiting else CaseFile.case_id == case.id,
                CaseFile.comment_id.is_(None),
                CaseFile.state.not_in((FileState.UPLOADING, FileState.ABANDONED)),
            )
            .with_for_update(of=CaseFile)
        )
        files = (await self.session.scalars(rows)).all()
        if len(files) != len(set(upload_ids)):
            raise NotFound(path=("uploadIds",))
        return files

    async def looked(self, case: Case, user_id: UUID, now: datetime) -> None:
        """The person has seen the case as it is now."""
        look = insert(CaseViewing).values(
            user_id=user_id, case_id=case.id, account_id=case.account_id, viewed_at=now
        )
        await self.session.execute(
            look.on_conflict_do_update(
                index_elements=["user_id", "case_id"], set_={"viewed_at": now}
            )
        )
