"""Ids that are the same in every run, so that four databases can name each other's rows."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def seeded_id(kind: str, *numbers: int, at: datetime = _EPOCH) -> UUID:
    """A UUIDv7 (RFC 9562) of the moment `at` whose random bits follow from what it names."""
    name = ":".join((kind, *map(str, numbers)))
    random = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=10).digest(), "big")
    milliseconds = int(at.timestamp() * 1000)
    bits = milliseconds << 80 | random
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=bits)
