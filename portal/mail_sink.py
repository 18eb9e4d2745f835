"""A mail server that keeps every mail as an `.eml` file and delivers none.

python -m portal.mail_sink --port PORT --folder FOLDER
"""

import argparse
import asyncio
import secrets
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.ports import HOST

#: Bytes of one mail.
_LARGEST: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Where the mails lie. Their names sort by arrival."""

    folder: Path
    #: How many are kept: the oldest go first.
    most: int = 1000

    def keep(self, content: bytes) -> Path:
        """Write one mail, whole or not at all."""
        arrival = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = self.folder / f"{arrival}-{secrets.token_hex(4)}.eml"
        draft = path.with_suffix(".draft")
        draft.write_bytes(content)
        draft.rename(path)
        for old in sorted(self.folder.glob("*.eml"))[: -self.most]:
            old.unlink(missing_ok=True)
        return path

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this with each mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        path = await asyncio.to_thread(self.keep, content)
        subject = message_from_bytes(content, policy=policy.default)["subject"]
        print(f"to {', '.join(envelope.rcpt_tos)}: {subject} ({path.name})", flush=True)
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Receive mail into the folder until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    keeper = MailFolder(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=_LARGEST, enable_SMTPUTF8=True, loop=loop), HOST, port
    )
    async with server:
        await stop.wait()


def main() -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(prog="python -m portal.mail_sink")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(options.port, options.folder))


if __name__ == "__main__":
    main()
