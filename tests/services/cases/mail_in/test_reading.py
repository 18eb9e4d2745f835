"""Taking a mail apart."""

from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.mail_in.errors import AutomaticMail, MailRefused
from services.cases.mail_in.reading import read


def a_mail(text: str = "It burns still.", **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = headers.pop("From", "Ada Byron <Ada@Example.com>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_reply"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<everybody.example.com>"},
    ],
)
def test_what_no_person_wrote_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(AutomaticMail):
        read(a_mail(**headers).as_bytes())


def test_a_delivery_report_is_refused() -> None:
    report = a_mail()
    report.make_mixed()
    report.set_type("multipart/report")

    with pytest.raises(AutomaticMail):
        read(report.as_bytes())


def test_a_person_may_say_that_they_are_one() -> None:
    answer = read(a_mail(Auto_Submitted="no").as_bytes())

    assert (answer.sender_key, answer.text) == ("ada@example.com", "It burns still.")


@pytest.mark.parametrize("sender", ["", "a@example.com, b@example.com", "nobody"])
def test_a_sender_who_is_not_one_address_is_nobody(sender: str) -> None:
    assert "@" not in read(a_mail(From=sender).as_bytes()).sender_key


def test_two_senders_in_two_headers_are_nobody() -> None:
    content = b"From: a@example.com\r\nFrom: b@example.com\r\n\r\nHello\r\n"

    assert read(content).sender_key == ""


def test_html_alone_is_read_as_words_without_what_it_quotes() -> None:
    mail = a_mail()
    mail.set_content(
        "<style>p {}</style><p>It <b>burns</b> &amp; smokes.</p><script>alert(1)</script>"
        "<blockquote>Turn it off.</blockquote>",
        subtype="html",
    )

    assert read(mail.as_bytes()).text == "It burns & smokes."


def test_files_are_found_however_deep_they_lie() -> None:
    mail = a_mail()
    mail.add_alternative("<p>It burns.</p>", subtype="html")
    mail.add_attachment(b"\x00\x01", maintype="application", subtype="x-log", filename="a.log")
    mail.add_attachment("écrit", filename="é.txt")

    answer = read(mail.as_bytes())

    assert [each.name for each in answer.attachments] == ["a.log", "é.txt"]
    assert answer.attachments[0].content == b"\x00\x01"
    assert answer.text == "It burns still."


def test_a_mail_with_nothing_but_files_says_their_names() -> None:
    mail = a_mail("")
    mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="a.log")

    assert read(mail.as_bytes()).text == "a.log"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: ada@example.com\r\n\r\n",
        b"From: ada@example.com\r\n\r\n> quoted\r\n",
        b"From: ada@example.com\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n",
        b"From: \xff\xfe\r\nContent-Type: multipart/mixed\r\n\r\n--",
    ],
)
def test_a_mail_that_says_nothing_is_refused(content: bytes) -> None:
    with pytest.raises(MailRefused):
        read(content)


def test_an_unknown_charset_loses_letters_and_no_mail() -> None:
    content = b"Content-Type: text/plain; charset=nonsense\r\n\r\nIt burns\x00 \xe9\r\n"

    assert read(content).text.startswith("It burns")


def test_one_message_has_one_key_however_it_travelled() -> None:
    first = a_mail(Message_ID="<1@example.com>", Received="by a")
    again = a_mail(Message_ID="<1@example.com>", Received="by b")
    other = a_mail(Message_ID="<2@example.com>")

    keys = [read(mail.as_bytes()).key for mail in (first, again, other)]

    assert keys[0] == keys[1] != keys[2]


@given(st.binary(max_size=2_000), st.sampled_from([b"", b"Content-Type: multipart/mixed;"]))
def test_any_bytes_are_read_or_refused(content: bytes, head: bytes) -> None:
    with suppress(MailRefused):
        read(head + content)
