"""Secrets that must be read back are kept in the database sealed: AES-256-GCM (RFC 5116)."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 12


class Unsealable(Exception):
    """Sealed under another secret, for another purpose, or altered."""


class Sealer:
    """Seals under a key derived (RFC 5869) from the service's secret."""

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"identity sealing").derive(secret)
        self._cipher = AESGCM(derived)

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """`purpose` names the very thing sealed: one row's bytes do not open in another's."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed. Raises `Unsealable`."""
        nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, encrypted, purpose.encode())
        except InvalidTag as error:
            raise Unsealable from error
