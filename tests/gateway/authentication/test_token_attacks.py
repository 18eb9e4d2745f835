"""Attacks on access tokens (RFC 8725), and on the way in which a request carries one."""

import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from starlette.requests import Request

from gateway.authentication.credentials import (
    Credentials,
    MalformedCredentials,
    credentials_of,
)
from gateway.authentication.tokens import InvalidToken, TokenVerifier
from tests.support.issuing import ISSUER, a_key, claims, encoded, published, signed

KEY: Final = a_key("k1")
FOREIGN: Final = a_key("k1")
#: Seconds by which two clocks may never differ.
SKEWED: Final = 60


class Keys:
    """Publishes one key set, and counts how often it is asked."""

    def __init__(self, key_set: dict[str, Any]) -> None:
        self.key_set = key_set
        self.asked = 0

    async def __call__(self) -> Any:
        self.asked += 1
        return self.key_set


async def verified(token: str, *, keys: Keys | None = None) -> dict[str, Any]:
    fetch = keys or Keys(published(KEY))
    return await TokenVerifier(fetch, issuer=ISSUER, clock=lambda: 0.0).verify(token)


def raw(header: Any, body: Any, signature: str = "") -> str:
    parts = (json.dumps(each).encode() for each in (header, body))
    return ".".join((*map(encoded, parts), signature))


def public_bytes(key: OKPKey, form: str) -> bytes:
    match form:
        case "raw":
            return key.public_key.public_bytes_raw()
        case "pem":
            return bytes(key.as_pem(private=False))
        case _:
            return json.dumps(key.as_dict(private=False)).encode()


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 0, [], ["Ed25519"]])
async def test_no_spelling_of_none_is_an_algorithm(alg: Any) -> None:
    good = signed(KEY, claims())
    unsigned = raw({"alg": alg, "kid": "k1"}, claims())
    with_signature = raw({"alg": alg, "kid": "k1"}, claims(), good.rpartition(".")[2])

    for token in (unsigned, with_signature):
        with pytest.raises(InvalidToken):
            await verified(token)


@pytest.mark.parametrize("form", ["raw", "pem", "json"])
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
async def test_the_public_key_in_no_form_is_a_shared_secret(alg: str, form: str) -> None:
    token = raw({"alg": alg, "kid": "k1"}, claims())
    text = token.rpartition(".")[0].encode()
    forged = hmac.digest(public_bytes(KEY, form), text, alg.replace("HS", "sha"))

    with pytest.raises(InvalidToken):
        await verified(token + encoded(forged))


def rsa() -> tuple[str, RSAKey]:
    return "RS256", RSAKey.generate_key(2048, {"kid": "other"}, private=True)


def elliptic() -> tuple[str, ECKey]:
    return "ES256", ECKey.generate_key("P-256", {"kid": "other"}, private=True)


def shared() -> tuple[str, OctKey]:
    return "HS256", OctKey.generate_key(256, {"kid": "other"})


@pytest.mark.parametrize("make", [rsa, elliptic, shared])
async def test_a_published_key_of_another_algorithm_signs_nothing(
    make: Callable[[], tuple[str, Any]],
) -> None:
    alg, other = make()
    keys = Keys(dict(KeySet([KEY, other]).as_dict()))
    token = jwt.encode({"alg": alg, "kid": "other"}, claims(), other, algorithms=[alg])

    with pytest.raises(InvalidToken):
        await verified(token, keys=keys)


@pytest.mark.parametrize("alg", ["EdDSA", "ed25519", "Ed448", "ES256"])
async def test_a_good_signature_under_another_name_is_refused(alg: str) -> None:
    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(), alg=alg))


async def test_a_key_for_encryption_signs_nothing() -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": "k1", "use": "enc"}, private=True)

    with pytest.raises(InvalidToken):
        await verified(signed(key, claims()), keys=Keys(published(key)))


@pytest.mark.parametrize(
    "kid",
    [
        "k2",
        "K1",
        "../k1",
        "../../../../dev/null",
        "/proc/self/environ",
        "https://attacker.example/key.json",
        "file:///etc/passwd",
        "k1' OR '1'='1",
        "k1\x00",
        "",
        None,
        1,
        ["k1"],
        {"k1": "k1"},
    ],
)
async def test_a_key_id_names_a_published_key_and_nothing_else(kid: Any) -> None:
    keys = Keys(published(KEY, a_key("second")))

    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(), kid=kid), keys=keys)

    assert keys.asked == 1


async def test_the_key_id_of_another_key_does_not_help_a_signature() -> None:
    other = a_key("k2")

    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(), kid="k2"), keys=Keys(published(KEY, other)))


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": FOREIGN.as_dict(private=False)},
        {"jku": "https://attacker.example/keys"},
        {"x5u": "https://attacker.example/certificate"},
        {"x5c": ["MIIB"]},
        {"x5t": "AAAA"},
    ],
)
async def test_a_token_does_not_bring_its_own_key(header: dict[str, Any]) -> None:
    keys = Keys(published(KEY))

    with pytest.raises(InvalidToken):
        await verified(signed(FOREIGN, claims(), **header), keys=keys)

    assert keys.asked == 1


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp2"], "exp2": 1},
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"]},
        {"crit": "exp2", "exp2": 1},
    ],
)
async def test_what_must_be_understood_and_is_not_refuses_a_token(header: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(), **header))


def cut(token: str) -> str:
    return token[:-4]


def padded(token: str) -> str:
    return f"{token}=="


def longer(token: str) -> str:
    return f"{token}.AAAA"


def other_body(token: str) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{encoded(json.dumps(claims('another')).encode())}.{signature}"


def flipped(token: str) -> str:
    head, body, signature = token.split(".")
    first = "B" if signature[0] == "A" else "A"
    return f"{head}.{body}.{first}{signature[1:]}"


def without_signature(token: str) -> str:
    return token.rpartition(".")[0] + "."


@pytest.mark.parametrize("change", [cut, padded, longer, other_body, flipped, without_signature])
async def test_an_altered_token_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(InvalidToken):
        await verified(change(signed(KEY, claims())))


@pytest.mark.parametrize("body", [[], "x", 1, None, [claims()]])
async def test_claims_are_an_object(body: Any) -> None:
    with pytest.raises(InvalidToken):
        await verified(signed(KEY, body))


@pytest.mark.parametrize(
    ("name", "seconds"), [("exp", -SKEWED), ("exp", -10), ("nbf", SKEWED), ("iat", SKEWED)]
)
async def test_a_token_of_another_time_is_refused(name: str, seconds: int) -> None:
    moment = int(time.time()) + seconds

    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(**{name: moment})))


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("exp", SKEWED), ("exp", -1), ("nbf", -SKEWED), ("nbf", 3), ("iat", -SKEWED), ("iat", 3)],
)
async def test_a_token_of_this_time_is_good_though_clocks_differ_a_little(
    name: str, seconds: int
) -> None:
    said = claims(**{name: int(time.time()) + seconds})

    assert await verified(signed(KEY, said)) == said


@pytest.mark.parametrize(
    "moment", ["4000000000", True, [4_000_000_000], {}, float("nan"), float("inf")]
)
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
async def test_a_moment_is_a_number(name: str, moment: Any) -> None:
    said = claims(**{"exp": 4_000_000_000, name: moment})

    with pytest.raises(InvalidToken):
        await verified(signed(KEY, said))


@pytest.mark.parametrize("audience", ["portal", ["portal"], ["other", "portal"]])
async def test_an_audience_is_one_or_several(audience: Any) -> None:
    assert (await verified(signed(KEY, claims(aud=audience))))["aud"] == audience


@pytest.mark.parametrize(
    "audience", ["other", "Portal", "portal ", [], ["other"], [["portal"]], {"portal": 1}, 1, True]
)
async def test_a_token_for_somebody_else_is_refused(audience: Any) -> None:
    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(aud=audience)))


@pytest.mark.parametrize("issuer", ["https://portal.example/", "", [ISSUER], None, 1])
async def test_a_token_of_another_issuer_is_refused(issuer: Any) -> None:
    with pytest.raises(InvalidToken):
        await verified(signed(KEY, claims(iss=issuer)))


@pytest.mark.parametrize("token", ["a" * 1_000_000, "." * 100_000, "eyJ" * 50_000 + ".e30.AA"])
async def test_a_monstrous_token_is_refused_like_any_other(token: str) -> None:
    with pytest.raises(InvalidToken):
        await verified(token)


def request(*headers: tuple[str, str], query: str = "") -> Request:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    return Request(scope)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_has_no_case(scheme: str) -> None:
    found = credentials_of(request(("authorization", f"{scheme} t")))

    assert found == Credentials("t", ambient=False)


@pytest.mark.parametrize("second", ["Bearer t", "Bearer other", "Basic x", ""])
def test_two_authorization_headers_are_refused_though_they_agree(second: str) -> None:
    both = request(("authorization", "Bearer t"), ("authorization", second))

    with pytest.raises(MalformedCredentials, match="more than one"):
        credentials_of(both)


@pytest.mark.parametrize("value", ["", "t", "Bearer", "Bearer ", "Basic t", "Bearert", "DPoP t"])
def test_what_is_no_bearer_token_is_refused_and_not_read_as_nobody(value: str) -> None:
    with pytest.raises(MalformedCredentials):
        credentials_of(request(("authorization", value)))


@pytest.mark.parametrize("name", ["access_token", "token", "authorization", "portal_access"])
def test_a_token_in_the_url_is_none(name: str) -> None:
    assert credentials_of(request(query=f"{name}=t")) is None


def test_a_bearer_token_wins_over_a_cookie() -> None:
    both = request(("cookie", "portal_access=c"), ("authorization", "Bearer t"))

    assert credentials_of(both) == Credentials("t", ambient=False)
