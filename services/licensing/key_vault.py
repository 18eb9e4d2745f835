"""Keeps product keys secret: sealed to be shown again, digested to be found.

A key's characters stand in no table in the clear. They are sealed with AES-256-GCM, bound to the
row's id, under a secret that is named beside them, so that secrets can be replaced one by one;
and digested with HMAC-SHA-256, so that a stolen table cannot be searched for known keys.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class UnknownSecret(LookupError):
    """The row names a secret that is not configured, or was altered: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a row keeps of its key."""

    sealed: bytes
    secret_id: str
    digest: bytes
    head: str
    tail: str


@dataclass(frozen=True, slots=True, repr=False)
class KeyVault:
    """Secrets by id: the first seals, every one opens."""

    secrets: Mapping[str, bytes]
    hash_secret: bytes

    @classmethod
    def parse(cls, secrets: str, hash_secret: str) -> "KeyVault":
        """From `id:hexsecret,id:hexsecret` and a secret in hexadecimal. Raises ValueError."""
        parsed: dict[str, bytes] = {}
        for entry in filter(None, secrets.split(",")):
            id, _, secret = entry.strip().partition(":")
            parsed[id] = bytes.fromhex(secret)
        hashing = bytes.fromhex(hash_secret)
        if not parsed or any(len(each) != _SECRET_BYTES for each in (*parsed.values(), hashing)):
            raise ValueError("Secrets of product keys have 32 bytes each.")
        return cls(parsed, hashing)

    def seal(self, key_id: UUID, code: str) -> Sealed:
        """What to keep of a key. `code` is `key_codes.read_code`'s form."""
        secret_id, secret = next(iter(self.secrets.items()))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(secret).encrypt(nonce, code.encode(), key_id.bytes)
        return Sealed(sealed, secret_id, self.digest(code), code[:2], code[-4:])

    def open(self, key_id: UUID, sealed: bytes, secret_id: str) -> str:
        """The key's characters. Raises `UnknownSecret`."""
        secret = self.secrets.get(secret_id)
        if secret is None:
            raise UnknownSecret(secret_id)
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(secret).decrypt(nonce, text, key_id.bytes).decode()
        except InvalidTag as error:
            raise UnknownSecret(secret_id) from error

    def digest(self, code: str) -> bytes:
        """By what a key is found."""
        return hmac.digest(self.hash_secret, code.encode(), "sha256")
