"""What somebody may do in an account at the very moment they do it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.columns import utc_now
from kit.contract import Capability, PrincipalKind
from kit.errors import Forbidden, NotFound
from kit.principal import Principal
from services.identity.errors import PersonRequired
from services.identity.models import Account
from services.identity.principals import principal_of
from services.identity.rights.accounts import locked_account
from services.identity.rights.act import Act


async def authorized(
    session: AsyncSession,
    principal: Principal,
    account_id: UUID | None,
    needed: Capability,
    *,
    path: Sequence[str] | None = None,
) -> tuple[Account, Act]:
    """The account, locked, and the caller's act in it. `path` names the id in the input.

    The caller's rights are read anew under the lock: whoever lost them a moment ago, to somebody
    who was faster, does nothing any more. Raises `NotFound` to those with no right in the
    account, `Forbidden` to those without this one.
    """
    if account_id is None or not (principal.everywhere or account_id in principal.accounts):
        raise NotFound(path=path)
    account = await locked_account(session, account_id)
    current = await current_principal(session, principal)
    held = current.everywhere | current.accounts.get(account_id, frozenset())
    if not held:
        raise NotFound(path=path)
    if needed not in held:
        raise Forbidden(path=path)
    return account, Act(actor_id=current.id, at=utc_now(), holds=held)


async def account_of(
    session: AsyncSession, id: InstrumentedAttribute[UUID], wanted: UUID | None
) -> UUID | None:
    """The account that the row with this id belongs to; None where there is no such row."""
    if wanted is None:
        return None
    found: UUID | None = await session.scalar(select(id.class_.account_id).where(id == wanted))
    return found


async def current_principal(session: AsyncSession, principal: Principal) -> Principal:
    """The caller with the rights of this moment. Raises `Forbidden` when the session is over."""
    found = None
    if principal.session_id is not None:
        found = await principal_of(session, principal.session_id, utc_now())
    if found is None:
        raise Forbidden
    return found


def person(principal: Principal) -> Principal:
    """The caller, who is no machine. Raises `PersonRequired`."""
    if principal.kind is PrincipalKind.MACHINE:
        raise PersonRequired
    return principal
