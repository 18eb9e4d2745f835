"""Takes an answer: whose it is, whether they may, and what becomes of it.

A mail that is delivered again does nothing more: each step is bound to the mail's Message-ID.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.database import Database
from kit.errors import DomainError
from kit.idempotency import once
from kit.principal import Principal
from services.cases.commenting import NewComment, add_comment
from services.cases.errors import FileTooLarge, TooManyUploads
from services.cases.mail_in.addresses import Claim, ReplyAddresses
from services.cases.mail_in.errors import (
    ExpiredAddress,
    MailDeferred,
    NotAllowed,
    TextTooLong,
    UnknownAddress,
    WrongSender,
)
from services.cases.mail_in.reading import Answer, Attachment
from services.cases.models import Notice, Person, UploadSession
from services.cases.uploads.finishing import finish
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.parts import PART
from services.cases.uploads.starting import NewFile, start_upload
from services.cases.uploads.store import OffsetConflict, UploadStore

#: Characters of a comment.
_LONGEST: Final = 65_536


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The mail that is answered: in which case, and by whom."""

    case_id: UUID
    reader_id: UUID


@dataclass(frozen=True, slots=True)
class Reception:
    """Any number may run."""

    database: Database
    store: UploadStore
    addresses: ReplyAddresses
    limits: UploadLimits
    now: Callable[[], datetime] = utc_now

    async def admit(self, address: str) -> Correspondence:
        """What an address stands for. Raises `UnknownAddress` and `ExpiredAddress`."""
        claim = self.addresses.claim(address)
        if claim is None:
            raise UnknownAddress
        return await self._answered(claim)

    async def take(self, answered: Correspondence, answer: Answer) -> UUID:
        """The comment that the answer has become, the same for the same answer.

        Raises `MailRefused` and `MailDeferred`.
        """
        if len(answer.text) > _LONGEST:
            raise TextTooLong
        principal = await self._writer(answered, answer)
        try:
            uploads = [
                await self._upload(principal, answered.case_id, f"{answer.key}/{number}", file)
                for number, file in enumerate(answer.attachments)
            ]
            return await self._comment(principal, answered.case_id, answer, uploads)
        except (TooManyUploads, OffsetConflict) as error:
            raise MailDeferred from error
        except FileTooLarge as error:
            raise TextTooLong from error
        except DomainError as error:
            raise NotAllowed from error

    async def _answered(self, claim: Claim) -> Correspondence:
        async with self.database.system() as session:
            notice = await session.get(Notice, claim.notice_id)
        if notice is None or not self.addresses.is_true(claim, notice):
            raise UnknownAddress
        if self.addresses.has_expired(notice, self.now()):
            raise ExpiredAddress
        if notice.thread_id is None or notice.reader_id is None:
            raise UnknownAddress
        return Correspondence(notice.thread_id, notice.reader_id)

    async def _writer(self, answered: Correspondence, answer: Answer) -> Principal:
        """Whoever answers, with the rights of this moment."""
        async with self.database.system() as session:
            person = await session.get(Person, answered.reader_id)
        if person is None or person.email_key != answer.sender_key:
            raise WrongSender
        rights = person.rights_at(self.now())
        if rights is None:
            raise WrongSender
        return rights

    async def _comment(
        self, principal: Principal, case_id: UUID, answer: Answer, uploads: list[UUID]
    ) -> UUID:
        new = NewComment(case_id, answer.text, internal=False, upload_ids=uploads)
        async with self.database.session(principal) as session:

            async def act() -> UUID:
                return (await add_comment(session, principal, new)).id

            return await _once(session, principal, "commentByMail", answer.key, case_id, act)

    async def _upload(
        self, principal: Principal, case_id: UUID, key: str, file: Attachment
    ) -> UUID:
        """The upload that brings the file, whole; the rest of one that was interrupted."""
        new = NewFile(file.name, len(file.content), case_id=case_id)
        async with self.database.session(principal) as session:

            async def act() -> UUID:
                return (await start_upload(session, principal, new, self.limits)).id

            id = await _once(session, principal, "uploadByMail", key, case_id, act)
        async with self.database.system() as session:
            upload = await session.get(UploadSession, id)
        if upload is None:
            raise MailDeferred
        while upload.finished_at is None and upload.offset < upload.length:
            content = file.content[upload.offset : upload.offset + PART]
            part = await self.store.keep(id, upload.offset, content)
            upload = await self.store.count(id, [part])
        async with self.database.system() as session:
            await finish(session, id)
        return id


async def _once(
    session: AsyncSession,
    principal: Principal,
    operation: str,
    key: str,
    case_id: UUID,
    act: Callable[[], Awaitable[UUID]],
) -> UUID:
    return await once(
        session, principal, operation=operation, key=key, parameters=case_id.hex, act=act
    )
