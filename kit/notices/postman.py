"""Sends the mails that are queued: each until it has arrived, or is refused for good."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.cancellation import heed_cancellation
from kit.columns import utc_now
from kit.database import Database
from kit.mail import InvalidMail, Mail, Mailer, MailNotSent
from kit.messages import Catalogues, Message
from kit.notices.letters import Wording
from kit.notices.row import NoticeRow
from kit.notices.tokens import MailedTokens

logger = logging.getLogger(__name__)

#: Seconds between two looks.
_POLL: Final = 1.0
#: How long to wait after the first failure; each further one doubles it, up to the longest.
_FIRST_WAIT: Final = timedelta(seconds=15)
_LONGEST_WAIT: Final = timedelta(hours=1)
#: News that could not be sent for so long is none any more.
_TRIED_FOR: Final = timedelta(days=3)
#: How long it is known what was sent to whom.
REMEMBERED: Final = timedelta(days=30)


def _no_headers(notice: NoticeRow) -> Mapping[str, str]:
    return {}


async def _always(session: AsyncSession, notice: NoticeRow) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Postman:
    """Any number may run: each mail is with one of them."""

    database: Database
    notices: type[NoticeRow]
    mailer: Mailer
    catalogues: Catalogues
    wordings: Mapping[str, Wording]
    tokens: MailedTokens
    public_url: str
    #: Headers that a service's mails have besides, such as where an answer goes.
    headers: Callable[[NoticeRow], Mapping[str, str]] = _no_headers
    #: Asked just before a mail is sent: one that is not wanted any more is given up.
    is_wanted: Callable[[AsyncSession, NoticeRow], Awaitable[bool]] = _always
    now: Callable[[], datetime] = utc_now

    async def run(self) -> None:
        """For as long as the process lives, whatever goes down meanwhile."""
        while True:
            try:
                await self.forget()
                while True:
                    if not await self.send_next():
                        await asyncio.sleep(_POLL)
                    heed_cancellation()
            except (OSError, SQLAlchemyError) as error:
                logger.warning("postman interrupted", extra={"reason": repr(error)})
                await asyncio.sleep(_POLL)

    async def send_next(self) -> bool:
        """Try the mail that has been due for longest; False when none is."""
        now, row = self.now(), self.notices
        async with self.database.system() as session:
            notice = await session.scalar(
                select(row)
                .where(row.done_at.is_(None), row.due_at <= now)
                .order_by(row.due_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if notice is None:
                return False
            if await self.is_wanted(session, notice):
                await self._try(notice, now)
            else:
                notice.done_at, notice.failure = now, "not wanted any more"
        return True

    async def forget(self) -> None:
        """Delete what was sent long ago."""
        async with self.database.system() as session:
            old = self.notices.created_at <= self.now() - REMEMBERED
            done = self.notices.done_at.is_not(None)
            await session.execute(delete(self.notices).where(old, done))

    def written(self, notice: NoticeRow) -> Mail:
        """The mail in its reader's language."""
        wording = self.wordings[notice.wording]

        def said(sentence: str) -> str:
            return self.catalogues.translate(Message(sentence, notice.params), notice.locale)

        action = f"{said(wording.action)}\n{self._url(notice)}"
        return Mail(
            id=f"notice/{notice.id}",
            to=notice.email,
            subject=said(wording.subject),
            text="\n\n".join([*map(said, wording.paragraphs), action]) + "\n",
            headers=self.headers(notice),
        )

    async def _try(self, notice: NoticeRow, now: datetime) -> None:
        try:
            await self.mailer.send(self.written(notice))
        except MailNotSent as error:
            if error.permanent or now - notice.created_at >= _TRIED_FOR:
                _give_up(notice, str(error), now)
            else:
                notice.due_at = now + min(_FIRST_WAIT * 2 ** min(notice.tries, 16), _LONGEST_WAIT)
                notice.tries += 1
        except (InvalidMail, KeyError) as error:  # KeyError: an unknown wording, or one of its gaps
            _give_up(notice, repr(error), now)
        else:
            notice.done_at = now

    def _url(self, notice: NoticeRow) -> str:
        url = f"{self.public_url.rstrip('/')}{notice.page}"
        if notice.token_purpose is None or notice.token_id is None:
            return url
        return f"{url}#token={self.tokens.token(notice.token_purpose, notice.token_id)}"


def _give_up(notice: NoticeRow, reason: str, now: datetime) -> None:
    notice.done_at, notice.failure = now, reason
    logger.error("notice given up", extra={"notice": str(notice.id), "reason": reason})
