"""Signed requests."""

from collections.abc import Mapping

import pytest

from kit.signing import KEY_ID, SIGNATURE, TIMESTAMP, BadSignature, Keyring, Signer, Verifier

OLD = "old:000102030405060708090a0b0c0d0e0f"
NEW = "new:f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
NOW = 1_800_000_000.0


def signed(body: bytes, keys: str = OLD, at: float = NOW) -> dict[str, str]:
    signer = Signer(Keyring.parse(keys), clock=lambda: at)
    return signer.headers(audience="cases", method="POST", path="/graphql", body=body)


def verify(
    headers: Mapping[str, str],
    body: bytes = b"{}",
    *,
    keys: str = OLD,
    audience: str = "cases",
    method: str = "POST",
    path: str = "/graphql",
) -> None:
    verifier = Verifier(Keyring.parse(keys), audience, clock=lambda: NOW)
    verifier.verify(method=method, path=path, body=body, headers=headers)


def test_what_the_gateway_signed_is_accepted() -> None:
    verify(signed(b"{}"))


def test_a_key_that_no_longer_signs_still_verifies() -> None:
    verify(signed(b"{}", keys=OLD), keys=f"{NEW},{OLD}")


@pytest.mark.parametrize("skew", [-30, 30])
def test_clocks_may_differ_by_the_window(skew: int) -> None:
    verify(signed(b"{}", at=NOW + skew))


@pytest.mark.parametrize("skew", [-31, 31, -86_400])
def test_a_stale_or_future_request_is_refused(skew: int) -> None:
    with pytest.raises(BadSignature, match="stale"):
        verify(signed(b"{}", at=NOW + skew))


@pytest.mark.parametrize(
    ("body", "audience", "method", "path"),
    [
        (b"{ }", "cases", "POST", "/graphql"),
        (b"{}", "billing", "POST", "/graphql"),
        (b"{}", "cases", "PUT", "/graphql"),
        (b"{}", "cases", "POST", "/principal"),
    ],
)
def test_a_signature_is_good_for_its_own_request_only(
    body: bytes, audience: str, method: str, path: str
) -> None:
    with pytest.raises(BadSignature, match="differs"):
        verify(signed(b"{}"), body, audience=audience, method=method, path=path)


@pytest.mark.parametrize(
    ("header", "value"),
    [(TIMESTAMP, str(int(NOW) + 1)), (TIMESTAMP, ""), (SIGNATURE, "00"), (SIGNATURE, "é")],
)
def test_an_altered_header_is_refused(header: str, value: str) -> None:
    with pytest.raises(BadSignature, match="differs"):
        verify(signed(b"{}") | {header: value})


def test_an_unknown_key_and_no_signature_at_all_are_refused() -> None:
    with pytest.raises(BadSignature, match="unknown key"):
        verify(signed(b"{}", keys=NEW))
    with pytest.raises(BadSignature, match="unknown key"):
        verify({})
    with pytest.raises(BadSignature, match="unknown key"):
        verify(signed(b"{}") | {KEY_ID: "new"})


@pytest.mark.parametrize("text", ["", "a", "a:", "a:00", "a:zz"])
def test_short_or_malformed_keys_do_not_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"Signing keys|non-hexadecimal"):
        Keyring.parse(text)
