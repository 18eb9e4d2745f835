import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.uploads.names import safe_name


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("server.log", "server.log"),
        ("rapport d’été.pdf", "rapport d’été.pdf"),
        ("日本語.txt", "日本語.txt"),
        ("🎉.png", "🎉.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.log", "x.log"),
        ("a\0.exe", "a_.exe"),
        ("report\u202efdp.exe", "report_fdp.exe"),
        ("a\u200bb.txt", "a_b.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("console.log", "console.log"),
        ("-rf", "_rf"),
        (".bashrc", "_bashrc"),
        ('quo"te\r\nSet-Cookie: x', "quo_te__Set-Cookie_ x"),
        ("trailing. . ", "trailing"),
        ("e\u0301.txt", "é.txt"),
        ("", "file"),
        ("..", "file"),
        ("/", "file"),
        ("   ", "file"),
        ("\ud800", "file"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(given_: str, kept: str) -> None:
    assert safe_name(given_) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("é" * 300 + ".log")

    assert name.endswith("é.log")
    assert len(name.encode()) <= 255


@given(st.text(max_size=400))
def test_no_name_leads_elsewhere_or_breaks_a_header(text: str) -> None:
    name = safe_name(text)

    assert 1 <= len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*\r\n\0')
    assert name[0] not in "-. "
    assert name[-1] not in ". "
    assert not any(unicodedata.category(each) == "Cc" for each in name)
    assert safe_name(name) == name
