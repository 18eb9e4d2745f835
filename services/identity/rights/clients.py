"""Machine clients: made with a secret that is shown once, given another, and barred.

What they may do is checked when they are made, and narrowed to what is left of their creator's
rights whenever it is used (`machines.scopes_of`). The account is locked by whoever calls these.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.contract import Capability
from kit.errors import NotFound
from kit.ids import to_global
from services.identity import capabilities
from services.identity.authentication import sessions
from services.identity.errors import (
    InvalidExpiry,
    NotForMachines,
    RoleTooHigh,
    TooManyClients,
    WrongState,
)
from services.identity.machines import scopes_of
from services.identity.models import ApiClient, Session
from services.identity.rights.act import Act, announce, audit


@dataclass(frozen=True, slots=True)
class ClientRules:
    """How many clients of an account may live at once, for how long each, and for how long a
    replaced secret is still good."""

    most: int = 20
    longest: timedelta = timedelta(days=366)
    grace: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewClient:
    """What a person asks for."""

    account_id: UUID
    name: str
    scopes: frozenset[Capability]
    expires_at: datetime


async def create_client(
    session: AsyncSession, new: NewClient, secret_hash: bytes, *, rules: ClientRules, act: Act
) -> ApiClient:
    """A client with no more than its creator has.

    Raises `InvalidExpiry`, `NotForMachines`, `RoleTooHigh`, `TooManyClients`.
    """
    _check(new, rules, act)
    if await _living(session, new.account_id, act.at) >= rules.most:
        raise TooManyClients(most=rules.most)
    client = ApiClient(
        account_id=new.account_id,
        name=new.name,
        scopes=sorted(new.scopes),
        secret_hash=secret_hash,
        created_by_id=act.actor_id,
        created_at=act.at,
        expires_at=new.expires_at,
    )
    session.add(client)
    await session.flush()
    _audit_client(session, client, act, "api-client.created", _said(new.scopes))
    return client


async def rotate_secret(
    session: AsyncSession, client_id: UUID, secret_hash: bytes, *, rules: ClientRules, act: Act
) -> ApiClient:
    """Another secret; the one before it is good for a while more.

    Raises `NotFound`, `WrongState`, `RoleTooHigh`.
    """
    client = await _locked_client(session, client_id)
    if not client.lives_at(act.at):
        raise WrongState
    # Who sees the secret can do what the client can.
    if not await scopes_of(session, client) <= act.holds:
        raise RoleTooHigh
    client.replace_secret(secret_hash, now=act.at, grace=rules.grace)
    _audit_client(session, client, act, "api-client.secret-rotated")
    return client


async def revoke_client(session: AsyncSession, client_id: UUID, *, act: Act) -> ApiClient:
    """The client acts no more, and its sessions end. Raises `NotFound`, `WrongState`."""
    client = await _locked_client(session, client_id)
    if client.revoked_at is not None:
        raise WrongState
    client.revoked_at = act.at
    client.previous_secret_hash = client.previous_secret_until = None
    await _end_sessions(session, client_id, act.at)
    _audit_client(session, client, act, "api-client.revoked")
    await announce(session, [client_id])
    return client


async def _locked_client(session: AsyncSession, client_id: UUID) -> ApiClient:
    client = await session.get(ApiClient, client_id, with_for_update=True)
    if client is None:
        raise NotFound
    return client


def _check(new: NewClient, rules: ClientRules, act: Act) -> None:
    if not act.at < new.expires_at <= act.at + rules.longest:
        raise InvalidExpiry(path=("expiresAt",), days=rules.longest.days)
    if not new.scopes or not new.scopes <= capabilities.MACHINES:
        raise NotForMachines(path=("scopes",))
    if not new.scopes <= act.holds:
        raise RoleTooHigh(path=("scopes",))


async def _living(session: AsyncSession, account_id: UUID, now: datetime) -> int:
    counted = await session.scalar(
        select(func.count())
        .select_from(ApiClient)
        .where(
            ApiClient.account_id == account_id,
            ApiClient.revoked_at.is_(None),
            ApiClient.expires_at > now,
        )
    )
    return counted or 0


async def _end_sessions(session: AsyncSession, client_id: UUID, now: datetime) -> None:
    living = await session.scalars(
        select(Session)
        .where(Session.api_client_id == client_id, Session.ended_at.is_(None))
        .where(Session.expires_at > now)
        .with_for_update()
    )
    for each in living:
        sessions.end(session, each, now)


def _audit_client(
    session: AsyncSession,
    client: ApiClient,
    act: Act,
    action: str,
    detail: str | None = None,
) -> None:
    if client.account_id is not None:
        target = to_global("cli", client.id)
        audit(session, client.account_id, act, action, target=target, detail=detail)


def _said(scopes: Iterable[Capability]) -> str:
    return " ".join(sorted(capability.scope for capability in scopes))
