"""What files are called when they are saved, whatever people called them."""

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.subgraph.attachments import attachment, safe_name

#: The grammar of RFC 6266 with a quoted name, and RFC 8187's form beside it.
HEADER = re.compile(
    r'attachment; filename="[ !#$&-:<-\[\]-~]+"'
    r"(; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)?"
)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("users.csv", "users.csv"),
        ("Prénoms 2026.xlsx", "Prénoms 2026.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x.exe", "C__x.exe"),
        ("a\0.exe", "a.exe"),
        ("\u202efdp.exe", "fdp.exe"),
        ("e\u0301.txt", "é.txt"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("console.txt", "console.txt"),
        (".htaccess", "htaccess"),
        ("name. . ", "name"),
        ('a"b;c.csv', "a_b;c.csv"),
        ("a\r\nSet-Cookie: b", "aSet-Cookie_ b"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_is_safe_on_every_file_system(name: str, saved: str) -> None:
    assert safe_name(name) == saved


def test_a_long_name_keeps_its_ending() -> None:
    saved = safe_name("é" * 300 + ".xlsx")

    assert len(saved.encode()) <= 200
    assert saved.endswith("é.xlsx")


def test_browsers_of_every_age_get_a_name() -> None:
    assert attachment("Prénoms €.csv") == (
        "attachment; filename=\"Prenoms _.csv\"; filename*=UTF-8''Pr%C3%A9noms%20%E2%82%AC.csv"
    )
    assert attachment("users.csv") == 'attachment; filename="users.csv"'


@given(st.text())
@example("%41.csv")
@example("'; filename=evil.exe; \"")
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    header = attachment(name)

    assert HEADER.fullmatch(header), header
    parsed = Message()
    parsed["content-disposition"] = header
    assert parsed.get_content_disposition() == "attachment"
    extended = header.partition("filename*=UTF-8''")[2]
    assert unquote(extended) in ("", safe_name(name))
    assert not any(unicodedata.category(each) == "Cc" for each in safe_name(name))
