"""Trust between gateway and service: every request is signed, and refused when it is not.

The signature is HMAC-SHA-256 over the time, the service it is meant for, method, path with its
query and the SHA-256 of the body. The principal travels inside the body, so it is covered too.
Keys rotate: the first signs, every one verifies.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

TIMESTAMP: Final = "x-portal-timestamp"
KEY_ID: Final = "x-portal-key-id"
SIGNATURE: Final = "x-portal-signature"

#: Bytes of the body that are signed, where the rest is a stream of any length: the signature says
#: who sends it, and the transport that it arrives as it was sent.
SIGNED_LENGTH: Final = "x-portal-signed-length"

#: The headers that only the gateway may set; client-sent copies are stripped.
SIGNING_HEADERS: Final = frozenset({TIMESTAMP, KEY_ID, SIGNATURE, SIGNED_LENGTH})

#: Seconds that the clocks of gateway and service may differ, transfer included.
WINDOW: Final = 30

_SHORTEST_SECRET: Final = 16

Clock = Callable[[], float]


class BadSignature(Exception):
    """The request does not come from the gateway as it was sent. `reason` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Keyring:
    """Shared secrets by key id; the first one signs."""

    secrets: Mapping[str, bytes]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read `id:hexsecret,id:hexsecret`. Raises ValueError."""
        secrets: dict[str, bytes] = {}
        for entry in filter(None, text.split(",")):
            id, _, secret = entry.strip().partition(":")
            secrets[id] = bytes.fromhex(secret)
        if not secrets or any(len(secret) < _SHORTEST_SECRET for secret in secrets.values()):
            raise ValueError("Signing keys are `id:hexsecret`, secrets of 16 bytes or more.")
        return cls(secrets)

    @property
    def current(self) -> tuple[str, bytes]:
        """The id and secret that sign."""
        return next(iter(self.secrets.items()))


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs what the gateway sends."""

    keys: Keyring
    clock: Clock = time.time

    def headers(self, *, audience: str, method: str, path: str, body: bytes) -> dict[str, str]:
        """The headers that prove where this request comes from."""
        id, secret = self.keys.current
        timestamp = str(int(self.clock()))
        return {
            TIMESTAMP: timestamp,
            KEY_ID: id,
            SIGNATURE: _signature(secret, timestamp, audience, method, path, body),
        }


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks what a service receives. `audience` is the service's own name."""

    keys: Keyring
    audience: str
    clock: Clock = time.time

    def verify(self, *, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises `BadSignature` unless the gateway signed exactly this request just now."""
        secret = self.keys.secrets.get(headers.get(KEY_ID, ""))
        if secret is None:
            raise BadSignature("unknown key")
        timestamp = headers.get(TIMESTAMP, "")
        expected = _signature(secret, timestamp, self.audience, method, path, body)
        if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()):
            raise BadSignature("signature differs")
        if abs(self.clock() - int(timestamp)) > WINDOW:
            raise BadSignature("stale")


def _signature(
    secret: bytes, timestamp: str, audience: str, method: str, path: str, body: bytes
) -> str:
    digest = hashlib.sha256(body).hexdigest()
    message = "\n".join((timestamp, audience, method, path, digest))
    return hmac.digest(secret, message.encode(), "sha256").hex()
