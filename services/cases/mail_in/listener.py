"""The server that takes answers by SMTP (RFC 5321), behind whatever receives mail for the domain.

Everything is decided while the sender's server is still connected: what is not taken is refused
there, so that no mail of ours ever goes to somebody whose address was forged.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.cases.mail_in.errors import AutomaticMail, MailDeferred, MailRefused, UnknownAddress
from services.cases.mail_in.reading import read
from services.cases.mail_in.reception import Correspondence, Reception

logger = logging.getLogger(__name__)

#: Seconds that a client may be silent.
_PATIENCE: Final = 60.0
#: The sender of a bounce (RFC 5321, section 4.5.5), as aiosmtpd may write it.
_NOBODY: Final = (None, "", "<>")
_ONE_AT_A_TIME: Final = "452 4.5.3 One address at a time"


@dataclass(frozen=True, slots=True)
class MailListener:
    """`largest` is in bytes of one mail; `most` mails are read at the same time."""

    reception: Reception
    host: str
    port: int
    largest: int
    most: int = 8

    async def run(self) -> None:
        """For as long as the process lives."""
        loop = asyncio.get_running_loop()
        handler = _Handler(self.reception, asyncio.Semaphore(self.most))
        server = await loop.create_server(
            lambda: SMTP(
                handler,
                hostname="portal",
                ident="mail",
                data_size_limit=self.largest,
                enable_SMTPUTF8=True,
                timeout=_PATIENCE,
                loop=loop,
            ),
            self.host,
            self.port,
        )
        async with server:
            await server.serve_forever()


class _Handler:
    """aiosmtpd calls these by their names, for each client."""

    def __init__(self, reception: Reception, places: asyncio.Semaphore) -> None:
        self._reception = reception
        self._places = places

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuses addresses that nobody was given."""
        if envelope.rcpt_tos:
            return _ONE_AT_A_TIME
        try:
            if envelope.mail_from in _NOBODY:
                raise AutomaticMail
            await self._reception.admit(address)
        except MailRefused as refused:
            return _told(refused)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Takes the answer or says why not."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            async with self._places:
                # Looked at again: time has passed, and the connection may have lasted.
                answered = await self._answered(envelope)
                answer = await asyncio.to_thread(read, content)
                comment_id = await self._reception.take(answered, answer)
        except MailRefused as refused:
            return _told(refused)
        except MailDeferred:
            return MailDeferred.reply
        logger.info("answer by mail taken", extra={"comment": str(comment_id)})
        return "250 2.0.0 Taken"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever fails here is tried again, and nothing of it is told."""
        logger.error("answer by mail failed", exc_info=error)
        return MailDeferred.reply

    async def _answered(self, envelope: Envelope) -> Correspondence:
        addresses: list[Any] = envelope.rcpt_tos
        if len(addresses) != 1:
            raise UnknownAddress
        return await self._reception.admit(addresses[0])


def _told(refused: MailRefused) -> str:
    logger.info("answer by mail refused", extra={"reason": type(refused).__name__})
    return refused.reply
