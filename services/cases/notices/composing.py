"""From what happened in a case to letters about it.

The desk that deals with the case gets one for each case, comment and note. The people who follow
it get one for what the staff say and ask for, and where the case's state calls for them; nothing
that they get is made of a note.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.columns import utc_now
from kit.ids import to_global
from kit.notices.letters import Letter, Link, Recipient, Thread, spoken
from kit.notices.mailing import Composer
from kit.streams import Received
from services.cases import events
from services.cases.models import (
    Case,
    CaseComment,
    CaseQueue,
    CaseStatus,
    FileRequest,
    NotificationPreference,
    Person,
)
from services.cases.notices import wordings
from services.cases.notices.readers import readers

#: States that the people who follow a case should know of.
_TELLING: Final[Mapping[str, str]] = {
    CaseStatus.PENDING_CUSTOMER.name: wordings.WAITING,
    CaseStatus.RESOLVED.name: wordings.RESOLVED,
    CaseStatus.CLOSED.name: wordings.CLOSED,
}


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """Composes them. `desks` says where each desk reads its mail; one without gets none."""

    desks: Mapping[CaseQueue, Recipient]
    now: Callable[[], datetime] = utc_now

    @property
    def composers(self) -> Mapping[str, Composer]:
        """By topic."""
        return {
            events.CaseCreated.topic: self.about_case,
            events.CommentAdded.topic: self.about_comment,
            events.NoteAdded.topic: self.about_note,
            events.FilesRequested.topic: self.about_file_request,
            events.StatusChanged.topic: self.about_status,
        }

    async def about_case(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To the desk."""
        case = await _case(session, event)
        said = {"person": await _name(session, case.requester_id), "body": case.description}
        return self._to_desk(case, wordings.OPENED, said)

    async def about_comment(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To the desk; and of the staff's, to those who follow the case."""
        case, comment = await _case(session, event), await _comment(session, event)
        said = {"person": await _name(session, comment.author_id), "body": comment.body}
        letters = self._to_desk(case, wordings.COMMENTED, said)
        if event.payload["by_staff"] and not await _asks_for_files(session, comment):
            choice = NotificationPreference.on_comment
            letters += await self._to_readers(
                session, case, wordings.ANSWERED, choice, besides=comment.author_id, comment=comment
            )
        return letters

    async def about_note(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To the desk, without what is noted."""
        case, author_id = await _case(session, event), UUID(event.payload["author_id"])
        return self._to_desk(case, wordings.NOTED, {"person": await _name(session, author_id)})

    async def about_file_request(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To those who follow the case."""
        case, comment = await _case(session, event), await _comment(session, event)
        return await self._to_readers(
            session,
            case,
            wordings.FILES_REQUESTED,
            NotificationPreference.on_file_request,
            besides=comment.author_id,
            comment=comment,
        )

    async def about_status(self, session: AsyncSession, event: Received) -> Sequence[Letter]:
        """To those who follow the case, in the states that they should know of."""
        wording, actor = _TELLING.get(event.payload["after"]), event.payload["actor_id"]
        case = await _case(session, event)
        if wording is None or (
            wording == wordings.WAITING and await _waits_for_files(session, case)
        ):
            return []
        return await self._to_readers(
            session,
            case,
            wording,
            NotificationPreference.on_status,
            besides=UUID(actor) if actor is not None else None,
        )

    def _to_desk(self, case: Case, wording: str, said: Mapping[str, str]) -> list[Letter]:
        desk = self.desks.get(case.queue)
        if desk is None:
            return []
        return [Letter(desk, wording, {**_about(case), **said}, _link(case), Thread(case.id))]

    async def _to_readers(
        self,
        session: AsyncSession,
        case: Case,
        wording: str,
        choice: InstrumentedAttribute[bool],
        *,
        besides: UUID | None,
        comment: CaseComment | None = None,
    ) -> list[Letter]:
        said = {"body": comment.body} if comment is not None else {}
        return [
            Letter(
                Recipient(person.email, spoken(person.locale)),
                wording,
                {**_about(case), **said},
                _link(case),
                Thread(case.id, person.id),
            )
            for person in await readers(session, case, choice, besides=besides, now=self.now())
        ]


async def _case(session: AsyncSession, event: Received) -> Case:
    return await session.get_one(Case, UUID(event.payload["case_id"]))


async def _comment(session: AsyncSession, event: Received) -> CaseComment:
    return await session.get_one(CaseComment, UUID(event.payload["comment_id"]))


async def _name(session: AsyncSession, user_id: UUID) -> str:
    """What a person is called; their id, where nobody has told yet."""
    person = await session.get(Person, user_id)
    return person.name if person is not None else to_global("user", user_id)


async def _asks_for_files(session: AsyncSession, comment: CaseComment) -> bool:
    asked = select(FileRequest.id).where(FileRequest.comment_id == comment.id).limit(1)
    return await session.scalar(asked) is not None


async def _waits_for_files(session: AsyncSession, case: Case) -> bool:
    """Whether the request for files has said already that support waits."""
    asked = select(FileRequest.id).where(
        FileRequest.case_id == case.id, FileRequest.fulfilled_at.is_(None)
    )
    return await session.scalar(asked.limit(1)) is not None


def _about(case: Case) -> dict[str, str]:
    return {"number": case.number, "subject": case.subject}


def _link(case: Case) -> Link:
    return Link(f"/cases/{to_global('case', case.id)}")
