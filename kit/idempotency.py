"""Idempotency records: the same key gives the same answer, once.

A key is bound to its caller, operation and parameters. It is claimed in the mutation's own
transaction, so a rolled-back attempt leaves the key free, and two attempts at the same instant
queue on the record instead of both acting.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Index, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kit.contract import ErrorCode
from kit.database import Base
from kit.errors import DomainError, Invalid
from kit.messages import N_
from kit.principal import Principal

_LONGEST_KEY = 255


class IdempotencyMismatch(DomainError):
    """The key was used before with other parameters."""

    code = ErrorCode.IDEMPOTENCY_MISMATCH
    sentence = N_("This idempotency key was used before with other parameters.")


class InvalidIdempotencyKey(Invalid):
    """An idempotency key is 1 to 255 characters."""

    sentence = N_("An idempotency key has from 1 to 255 characters.")


class IdempotencyRecord(Base, kw_only=True):
    """One key of one caller, and what its operation made."""

    __tablename__ = "idempotency_records"
    __table_args__ = (Index(None, "created_at"),)

    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    parameters: Mapped[bytes]
    result_id: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Each caller's own."""
        return cls.caller_id == principal.id


async def once(
    session: AsyncSession,
    principal: Principal,
    *,
    operation: str,
    key: str,
    parameters: Any,
    act: Callable[[], Awaitable[UUID]],
) -> UUID:
    """Run `act` unless this key has run before; either way the id of what it made.

    `parameters` is anything JSON can hold. Raises `IdempotencyMismatch`, `InvalidIdempotencyKey`
    and what `act` raises.
    """
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise InvalidIdempotencyKey(path=("idempotencyKey",))
    digest = hashlib.sha256(orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS)).digest()
    record = await _claim(session, principal.id, operation, key, digest)
    if record.parameters != digest:
        raise IdempotencyMismatch(path=("idempotencyKey",))
    if record.result_id is None:
        record.result_id = await act()
    return record.result_id


async def _claim(
    session: AsyncSession, caller_id: UUID, operation: str, key: str, digest: bytes
) -> IdempotencyRecord:
    # The insert waits for a concurrent attempt with the same key to end; FOR UPDATE keeps it ours.
    await session.execute(
        insert(IdempotencyRecord)
        .values(
            caller_id=caller_id,
            operation=operation,
            key=key,
            parameters=digest,
            created_at=datetime.now(UTC),
        )
        .on_conflict_do_nothing()
    )
    found = await session.scalars(
        select(IdempotencyRecord)
        .where(
            IdempotencyRecord.caller_id == caller_id,
            IdempotencyRecord.operation == operation,
            IdempotencyRecord.key == key,
        )
        .with_for_update()
    )
    return found.one()
