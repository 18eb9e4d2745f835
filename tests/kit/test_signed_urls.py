"""A signed URL is good for what it was made for, and for nothing else."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from kit.ids import new_id
from kit.signed_urls import InvalidSignedUrl, SignedUrlExpired, SignedUrls
from kit.signing import Keyring

ME, SOMEBODY_ELSE = new_id(), new_id()
PATH = "/cases/exports/1"
NOW = 1_795_000_000.0

OLD, NEW = b"o" * 32, b"n" * 32


def urls(
    keys: dict[str, bytes] | None = None, now: float = NOW, origin: str = "https://portal.example"
) -> SignedUrls:
    return SignedUrls(origin, Keyring(keys or {"1": OLD}), lambda: now)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def signed(method: str = "GET") -> dict[str, str]:
    return query_of(urls().sign(method, PATH, caller=ME).url)


@pytest.mark.parametrize(("asked", "used"), [("GET", "GET"), ("GET", "HEAD"), ("PATCH", "PATCH")])
def test_it_is_good_for_its_method_path_and_caller(asked: str, used: str) -> None:
    urls().verify(used, PATH, signed(asked), caller=ME)


def test_it_says_where_it_leads_and_until_when() -> None:
    made = urls(origin="https://portal.example/").sign(
        "GET", PATH, caller=ME, lifetime=timedelta(seconds=90)
    )

    assert made.url.startswith(f"https://portal.example{PATH}?")
    assert made.expires_at == datetime.fromtimestamp(NOW + 90, UTC)


def test_it_does_not_name_its_caller() -> None:
    url = urls().sign("GET", PATH, caller=ME).url

    assert ME.hex not in url
    assert str(ME) not in url


@pytest.mark.parametrize(
    ("method", "path", "caller"),
    [
        ("GET", PATH, SOMEBODY_ELSE),
        ("GET", "/cases/exports/2", ME),
        ("DELETE", PATH, ME),
        ("get", PATH, ME),
    ],
)
def test_it_is_good_for_nothing_else(method: str, path: str, caller: UUID) -> None:
    with pytest.raises(InvalidSignedUrl):
        urls().verify(method, path, signed(), caller=caller)


@pytest.mark.parametrize("name", ["expires", "key", "signature"])
@pytest.mark.parametrize("change", [lambda text: text + "0", lambda _: "", lambda _: "é"])
def test_an_altered_one_is_refused(name: str, change: object) -> None:
    query = signed()
    query[name] = change(query[name])  # type: ignore[operator]

    with pytest.raises(InvalidSignedUrl):
        urls().verify("GET", PATH, query, caller=ME)


def test_one_without_a_signature_is_refused() -> None:
    with pytest.raises(InvalidSignedUrl):
        urls().verify("GET", PATH, {}, caller=ME)


def test_it_expires() -> None:
    urls(now=NOW + 299).verify("GET", PATH, signed(), caller=ME)

    with pytest.raises(SignedUrlExpired) as refusal:
        urls(now=NOW + 300).verify("GET", PATH, signed(), caller=ME)

    assert refusal.value.extensions == {"code": "SIGNED_URL_EXPIRED"}


def test_keys_rotate() -> None:
    query = signed()

    urls({"2": NEW, "1": OLD}).verify("GET", PATH, query, caller=ME)

    assert query_of(urls({"2": NEW, "1": OLD}).sign("GET", PATH, caller=ME).url)["key"] == "2"
    with pytest.raises(InvalidSignedUrl):
        urls({"2": NEW}).verify("GET", PATH, query, caller=ME)


def test_the_id_of_one_key_does_not_pass_for_another() -> None:
    query = signed() | {"key": "2"}

    with pytest.raises(InvalidSignedUrl):
        urls({"2": NEW, "1": OLD}).verify("GET", PATH, query, caller=ME)
