"""The mailing of the whole service, put together from the settings."""

from collections.abc import Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.database import Database
from kit.mail import Mailer, message_id
from kit.messages import LOCALES, Catalogues
from kit.notices.letters import Recipient
from kit.notices.mailing import Mailing, gathered, worded
from kit.notices.postman import Postman
from kit.notices.row import NoticeRow
from kit.notices.tokens import MailedTokens
from services.cases.mail_in.addresses import ReplyAddresses
from services.cases.models import Notice, Person
from services.cases.notices.composing import CaseLetters
from services.cases.notices.readers import sees
from services.cases.notices.wordings import wordings
from services.cases.settings import Settings


def open_mailing(
    service: str, settings: Settings, database: Database, catalogues: Catalogues
) -> Mailing:
    """As the settings say; nothing is connected yet."""
    replies = reply_addresses(service, settings)
    postman = Postman(
        database=database,
        notices=Notice,
        mailer=Mailer(settings.mail_url, settings.mail_sender, settings.mail_sender_name),
        catalogues=catalogues,
        wordings=worded(wordings(answerable=replies is not None)),
        tokens=MailedTokens(settings.cursor_secret, service),
        public_url=settings.public_url,
        headers=headers(settings.mail_sender.rpartition("@")[2], replies),
        is_wanted=is_wanted,
    )
    desks = {
        queue: Recipient(email, LOCALES[0]) for queue, email in settings.desk_addresses.items()
    }
    composers = gathered(CaseLetters(desks).composers)
    return Mailing(service, database, settings.redis_url, composers, postman)


def reply_addresses(service: str, settings: Settings) -> ReplyAddresses | None:
    """Where mails are answered; None where nobody takes answers."""
    if settings.reply_domain is None:
        return None
    tokens = MailedTokens(settings.cursor_secret, service)
    return ReplyAddresses(tokens, settings.reply_domain, settings.reply_patience)


def headers(
    domain: str, replies: ReplyAddresses | None
) -> Callable[[NoticeRow], Mapping[str, str]]:
    """What keeps the mails of a case together (RFC 5322, section 3.6.4), and where answers go."""

    def of(notice: NoticeRow) -> Mapping[str, str]:
        found: dict[str, str] = {}
        if notice.thread_id is not None:
            root = message_id(f"case/{notice.thread_id}", domain)
            found = {"In-Reply-To": root, "References": root}
        address = replies.of(notice) if replies is not None else None
        return {**found, "Reply-To": address} if address is not None else found

    return of


async def is_wanted(session: AsyncSession, notice: NoticeRow) -> bool:
    """Whether the reader still sees the case, however long the mail has waited."""
    if notice.reader_id is None or notice.thread_id is None:
        return True
    person = await session.get(Person, notice.reader_id)
    return person is not None and await sees(session, person, notice.thread_id, utc_now())
