"""Secrets that are told by mail only: derived when they are needed, kept nowhere.

A token is HMAC-SHA256 (RFC 2104) of an id that is used once, under a key of the service's: 256
bits that nobody without the key can guess. The event and the queued mail carry the id alone, and
a mail that has to be sent again carries the same token.
"""

import base64
import hmac
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Characters of a token: 256 bits in base 64 without padding.
TOKEN_LENGTH: Final = 43


class MailedTokens:
    """Derives tokens under a key derived (RFC 5869) from the secret of the service so named."""

    def __init__(self, secret: bytes, service: str) -> None:
        info = f"{service} mail".encode()
        self._key = HKDF(SHA256(), length=32, salt=None, info=info).derive(secret)

    def token(self, purpose: str, id: UUID) -> str:
        """The token of one issue, URL-safe. Keep its SHA-256 only; compare that."""
        return base64.urlsafe_b64encode(self.digest(purpose, id)).rstrip(b"=").decode()

    def digest(self, purpose: str, *ids: UUID) -> bytes:
        """The 32 bytes that only this service can derive for these ids."""
        message = purpose.encode() + b"\0" + b"".join(id.bytes for id in ids)
        return hmac.digest(self._key, message, "sha256")
