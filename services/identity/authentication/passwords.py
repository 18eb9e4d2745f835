"""Passwords under Argon2id (RFC 9106)."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

R = TypeVar("R")


class Passwords:
    """Hashes and verifies in threads, a few at a time: each takes the hasher's memory."""

    def __init__(self, hasher: PasswordHasher, *, workers: int) -> None:
        self._hasher = hasher
        self._turns = asyncio.Semaphore(workers)
        # What a stranger's password is compared with, so that it takes as long.
        self._nobodys_hash = hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The password's hash, in PHC string format."""
        return await self._in_thread(lambda: self._hasher.hash(_normalised(password)))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password; None, for nobody's, takes as long and is False."""
        return await self._in_thread(lambda: self._verify(hashed, password))

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _verify(self, hashed: str | None, password: str) -> bool:
        try:
            self._hasher.verify(hashed or self._nobodys_hash, _normalised(password))
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None

    async def _in_thread(self, work: Callable[[], R]) -> R:
        async with self._turns:
            return await asyncio.to_thread(work)


def _normalised(password: str) -> str:
    # The same characters, whichever keyboard composed them (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)
