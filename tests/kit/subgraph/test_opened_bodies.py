"""Bodies of which only the beginning is signed: who sends them is known, how long they are not."""

from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.types import Message

from kit.signing import SIGNED_LENGTH, Keyring, Signer, Verifier
from kit.subgraph.signed import Gate, Refused

KEYS = Keyring({"k1": b"g" * 32})
GATE = Gate(Verifier(KEYS, audience="shop"), max_body=1_000)
BEGINNING = b'{"extensions": {}}'


def a_request(headers: Mapping[str, str], *chunks: bytes, path: str = "/uploads/1") -> Request:
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.request", "body": b""}

    scope = {
        "type": "http",
        "method": "PATCH",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Request(scope, receive)


def signed(**changed: str) -> dict[str, str]:
    proof = Signer(KEYS).headers(audience="shop", method="PATCH", path="/uploads/1", body=BEGINNING)
    return {**proof, SIGNED_LENGTH: str(len(BEGINNING)), **changed}


@pytest.mark.parametrize(
    "chunks",
    [
        (BEGINNING, b"wor", b"ds"),
        (BEGINNING + b"words",),
        (BEGINNING[:5], BEGINNING[5:] + b"w", b"ords"),
        tuple(bytes([each]) for each in BEGINNING + b"words"),
    ],
)
async def test_the_rest_comes_as_it_was_sent_however_it_is_cut(chunks: tuple[bytes, ...]) -> None:
    opened = await GATE.opened(a_request(signed(), *chunks))

    assert opened.signed == BEGINNING
    assert b"".join([chunk async for chunk in opened.stream]) == b"words"


@pytest.mark.parametrize(
    ("headers", "chunks"),
    [
        ({}, (BEGINNING,)),
        (signed(), (BEGINNING.replace(b"e", b"f"), b"words")),
        (signed(), (BEGINNING[:-1],)),
        (signed(**{SIGNED_LENGTH: "5"}), (BEGINNING,)),
        (signed(**{SIGNED_LENGTH: "0"}), (BEGINNING,)),
        (signed(**{SIGNED_LENGTH: "-1"}), (BEGINNING,)),
        (signed(**{SIGNED_LENGTH: "1001"}), (bytes(1_001),)),
        (signed(**{SIGNED_LENGTH: "9" * 5_000}), (BEGINNING,)),
        (signed(**{SIGNED_LENGTH: "x"}), (BEGINNING,)),
        (signed(**{SIGNED_LENGTH: "²"}), (BEGINNING,)),
    ],
)
async def test_what_the_gateway_did_not_sign_goes_no_further(
    headers: dict[str, str], chunks: tuple[bytes, ...]
) -> None:
    with pytest.raises(Refused) as refused:
        await GATE.opened(a_request(headers, *chunks))

    assert refused.value.status == 401


async def test_a_beginning_is_good_for_one_path_only() -> None:
    with pytest.raises(Refused):
        await GATE.opened(a_request(signed(), BEGINNING, path="/uploads/2"))


async def test_a_signed_beginning_is_no_signed_body() -> None:
    with pytest.raises(Refused):
        await GATE.body(a_request(signed(), BEGINNING, b"words"))
