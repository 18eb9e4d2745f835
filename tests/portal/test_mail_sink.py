"""The mail server that keeps what it is given: as a process, asked by a real client."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import aiosmtplib

from portal.mail_sink import MailFolder
from portal.ports import HOST, free_port
from portal.readiness import is_ready
from portal.settings import CODE


@contextmanager
def mail_sink(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "portal.mail_sink", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--folder", str(folder)], stdout=subprocess.PIPE, text=True, cwd=CODE
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


async def test_a_mail_becomes_a_file_with_everything_in_it(tmp_path: Path) -> None:
    port = free_port()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Réponse"
    mail.set_content("Un point, un seul:\n.\nfin\n")

    with mail_sink(tmp_path / "mail", port) as process:
        await _until_ready(f"tcp://{HOST}:{port}")
        await aiosmtplib.send(mail, hostname=HOST, port=port)
        assert process.stdout is not None
        line = process.stdout.readline()

    (file,) = (tmp_path / "mail").iterdir()
    kept = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert kept["Subject"] == "Réponse"
    assert kept.get_content().splitlines() == ["Un point, un seul:", ".", "fin"]
    assert line == f"to b@example.com: Réponse ({file.name})\n"


async def test_it_ends_in_order_when_asked(tmp_path: Path) -> None:
    port = free_port()
    with mail_sink(tmp_path, port) as process:
        await _until_ready(f"tcp://{HOST}:{port}")

        process.terminate()

        assert process.wait(10) == 0


def test_only_the_newest_mails_are_kept(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path, most=3)

    kept = [folder.keep(b"").name for _ in range(5)]

    assert sorted(each.name for each in tmp_path.iterdir()) == kept[2:]


async def _until_ready(address: str) -> None:
    async with aiohttp.ClientSession() as client:
        while not await is_ready(client, address):
            pass
