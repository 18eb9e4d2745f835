"""Short-lived URLs for files: bound to one method, one path, one caller and one end.

The caller is part of what is signed but not of the URL: whoever finds it cannot use it. Keys
rotate: the first signs, every one verifies.
"""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import orjson

from kit.errors import BadInput
from kit.signing import Clock, Keyring

_EXPIRES: Final = "expires"
_KEY: Final = "key"
_SIGNATURE: Final = "signature"

#: Says what is signed: the same secret may authenticate other things.
_PURPOSE: Final = "signed-url"
_LIFETIME: Final = timedelta(minutes=5)


class InvalidSignedUrl(BadInput):
    """The URL was altered, was made for somebody else, or under a key that is no longer known."""

    code = "INVALID_SIGNED_URL"

    def __init__(self) -> None:
        super().__init__("This link is not valid.")


class SignedUrlExpired(BadInput):
    """The URL was good until a moment ago: ask for another."""

    code = "SIGNED_URL_EXPIRED"

    def __init__(self) -> None:
        super().__init__("This link has expired.")


@dataclass(frozen=True, slots=True)
class SignedUrl:
    """A URL and the end of its life."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedUrls:
    """Makes and checks the URLs of one origin, such as `https://portal.example.com`."""

    origin: str
    keys: Keyring
    clock: Clock = time.time

    def sign(
        self, method: str, path: str, *, caller: UUID, lifetime: timedelta = _LIFETIME
    ) -> SignedUrl:
        """The URL under which `caller` may use `method` on `path`. GET allows HEAD too."""
        id, secret = self.keys.current
        expires = str(int(self.clock() + lifetime.total_seconds()))
        query = {
            _EXPIRES: expires,
            _KEY: id,
            _SIGNATURE: _signature(secret, method, path, caller, expires),
        }
        url = f"{self.origin.rstrip('/')}{path}?{urlencode(query)}"
        return SignedUrl(url, datetime.fromtimestamp(int(expires), UTC))

    def verify(self, method: str, path: str, query: Mapping[str, str], *, caller: UUID) -> None:
        """Raises `InvalidSignedUrl` or `SignedUrlExpired` unless the request was signed.

        `path` is percent-decoded or not, just as it was for `sign`.
        """
        secret = self.keys.secrets.get(query.get(_KEY, ""))
        if secret is None:
            raise InvalidSignedUrl
        expires = query.get(_EXPIRES, "")
        signature = _signature(secret, method, path, caller, expires)
        if not hmac.compare_digest(signature.encode(), query.get(_SIGNATURE, "").encode()):
            raise InvalidSignedUrl
        if int(expires) <= self.clock():
            raise SignedUrlExpired


def _signature(secret: bytes, method: str, path: str, caller: UUID, expires: str) -> str:
    allowed = "GET" if method == "HEAD" else method
    message = orjson.dumps([_PURPOSE, allowed, path, caller.hex, expires])
    return hmac.digest(secret, message, "sha256").hex()
