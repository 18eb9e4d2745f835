"""Access tokens, and the attacks on them."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from gateway.authentication.tokens import InvalidToken, KeySetUnavailable, TokenVerifier

ISSUER = "https://portal.example.com"
FAR = 4_000_000_000
CLAIMS = {"iss": ISSUER, "aud": "portal", "sub": "user_1", "sid": "ses_1", "exp": FAR}


def a_key(id: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": id, "use": "sig"}, private=True)


def signed(key: OKPKey, claims: dict[str, Any] = CLAIMS, **header: Any) -> str:
    return jwt.encode(
        {"alg": "Ed25519", "kid": key.kid, **header}, claims, key, algorithms=["Ed25519"]
    )


def published(*keys: OKPKey) -> dict[str, Any]:
    return dict(KeySet(list(keys)).as_dict(private=False))


class Identity:
    """Publishes keys, and counts how often it is asked."""

    def __init__(self, *keys: OKPKey) -> None:
        self.keys: tuple[OKPKey, ...] = keys
        self.asked = 0
        self.down = False

    async def __call__(self) -> Any:
        self.asked += 1
        if self.down:
            raise ConnectionError
        return published(*self.keys)


def verifier(identity: Identity, clock: Callable[[], float] = lambda: 0.0) -> TokenVerifier:
    return TokenVerifier(identity, issuer=ISSUER, clock=clock)


async def test_a_token_of_ours_gives_its_claims() -> None:
    key = a_key("k1")

    assert await verifier(Identity(key)).verify(signed(key)) == CLAIMS


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": None},
        {"iss": "https://elsewhere.example.com"},
        {"aud": "other"},
        {"aud": ["other"]},
        {"sid": None},
        {"sub": None},
        {"nbf": FAR},
        {"iat": FAR},
    ],
)
async def test_claims_that_are_wrong_or_missing_are_refused(change: dict[str, Any]) -> None:
    key = a_key("k1")
    claims = {name: value for name, value in (CLAIMS | change).items() if value is not None}

    with pytest.raises(InvalidToken):
        await verifier(Identity(key)).verify(signed(key, claims))


def unsigned(header: dict[str, Any], signature: str = "") -> str:
    parts = (json.dumps(part).encode() for part in (header, CLAIMS))
    encoded = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    return ".".join((*encoded, signature))


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "none", "kid": "k1"}, {"kid": "k1"}, {"alg": "Ed25519"}]
)
async def test_a_token_without_a_signature_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await verifier(Identity(a_key("k1"))).verify(unsigned(header))


async def test_the_public_key_is_no_shared_secret() -> None:
    key = a_key("k1")
    public = base64.urlsafe_b64decode(str(key.as_dict(private=False)["x"]) + "=")
    forged = jwt.encode({"alg": "HS256", "kid": "k1"}, CLAIMS, OctKey.import_key(public))

    with pytest.raises(InvalidToken):
        await verifier(Identity(key)).verify(forged)


async def test_an_unknown_critical_header_is_refused() -> None:
    key = a_key("k1")
    header = {"alg": "Ed25519", "kid": "k1", "crit": ["exp2"], "exp2": 1}
    body = signed(key).split(".")[1]
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()

    with pytest.raises(InvalidToken):
        await verifier(Identity(key)).verify(f"{encoded}.{body}.AAAA")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "é.é.é", "e30.e30.e30"])
async def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        await verifier(Identity(a_key("k1"))).verify(token)


async def test_a_new_key_is_found_and_unknown_ones_ask_once_per_interval() -> None:
    old, new, foreign = a_key("old"), a_key("new"), a_key("foreign")
    identity = Identity(old)
    now = 0.0
    checker = verifier(identity, lambda: now)
    await checker.verify(signed(old))
    identity.keys = (new, old)

    now = 11.0
    assert await checker.verify(signed(new)) == CLAIMS
    for _ in range(100):
        with pytest.raises(InvalidToken, match="unknown key"):
            await checker.verify(signed(foreign))

    assert identity.asked == 2


async def test_known_keys_outlive_an_outage_of_their_issuer() -> None:
    key = a_key("k1")
    identity = Identity(key)
    now = 0.0
    checker = verifier(identity, lambda: now)
    await checker.verify(signed(key))
    identity.down = True

    now = 1_000.0

    assert await checker.verify(signed(key)) == CLAIMS


async def test_without_any_key_nobody_is_let_in() -> None:
    identity = Identity(a_key("k1"))
    identity.down = True

    with pytest.raises(KeySetUnavailable):
        await verifier(identity).verify(signed(a_key("k1")))
