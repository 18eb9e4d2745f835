import pytest

from services.cases.uploads.sniffing import media_type


@pytest.mark.parametrize(
    ("beginning", "type"),
    [
        (b"", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (b"plain words\nand more", "text/plain"),
        ("où est-ce ?".encode(), "text/plain"),
        ("cut in a character é".encode()[:-1], "text/plain"),
        (b"\x00\x01\x02\x03\xff\xfe", "application/octet-stream"),
        (b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "application/octet-stream"),
    ],
)
def test_a_type_is_told_by_the_bytes_and_is_never_one_that_a_browser_runs(
    beginning: bytes, type: str
) -> None:
    assert media_type(beginning) == type
