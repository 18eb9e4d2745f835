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
    """Derives tokens under a key derived (RFC 5869) from the service's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = HKDF(SHA256(), length=32, salt=None, info=b"identity mail").derive(secret)

    def token(self, purpose: str, id: UUID) -> str:
        """The token of one issue, URL-safe. Keep its SHA-256 only; compare that."""
        digest = hmac.digest(self._key, purpose.encode() + b"\0" + id.bytes, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
