"""Those who hold rights: people, barred altogether."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import NotFound
from kit.ids import to_global
from services.identity.authentication import sessions
from services.identity.models import Membership, MembershipState, User, UserState
from services.identity.rights.accounts import (
    WITHOUT_KEY,
    locked_account,
    require_administrator,
)
from services.identity.rights.act import Act, announce, audit


async def suspend_user(session: AsyncSession, user_id: UUID, *, act: Act) -> User:
    """Nobody signs in as this person any more, and their sessions end.

    Raises `NotFound`, `LastAdministrator`.
    """
    user = await session.get(User, user_id, with_for_update=WITHOUT_KEY)
    if user is None:
        raise NotFound
    user.state = UserState.SUSPENDED
    rows = await session.scalars(
        select(Membership.account_id)
        .where(Membership.user_id == user_id, Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.account_id)  # always locked in this order: no deadlock
    )
    for account_id in rows.all():
        await require_administrator(session, await locked_account(session, account_id))
        audit(session, account_id, act, "user.suspended", target=to_global("user", user_id))
    await sessions.end_all_of(session, [user_id], act.at)
    await announce(session, [user_id])
    return user
