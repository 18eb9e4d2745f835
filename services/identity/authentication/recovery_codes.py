"""Recovery codes: ten for each second factor, each good once, for when the device is lost."""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.models import RecoveryCode

COUNT: Final = 10
#: 80 bits: too many to guess even for who reads the hashes.
_BYTES: Final = 10
_GROUP: Final = 4


async def renew(session: AsyncSession, user_id: UUID, now: datetime) -> list[str]:
    """New codes in place of all old ones. They are shown now and never again."""
    await forget(session, user_id)
    codes = [_new_code() for _ in range(COUNT)]
    for code in codes:
        row = RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code), created_at=now)
        session.add(row)
    return codes


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """There are none any more."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


async def use(session: AsyncSession, user_id: UUID, code: str, now: datetime) -> bool:
    """Whether this is one of the person's codes, and was not used before; it is from now on."""
    key = (user_id, _hash(user_id, code))
    row = await session.get(RecoveryCode, key, with_for_update=True)
    if row is None or row.used_at is not None:
        return False
    row.used_at = now
    return True


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _hash(user_id: UUID, code: str) -> bytes:
    typed = "".join(filter(str.isalnum, code)).lower()
    return hashlib.sha256(user_id.bytes + typed.encode()).digest()
