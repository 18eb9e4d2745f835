"""Which of our people a provider's subject is: linked once, and never to somebody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.emails import email_key
from kit.errors import NotFound
from services.identity.authentication.oidc.errors import (
    DomainNotAllowed,
    EmailNotVerified,
    LinkedToAnother,
    NotInvited,
)
from services.identity.authentication.oidc.id_tokens import Asserted
from services.identity.authentication.providers import Provider
from services.identity.authentication.sessions import Visit, tell
from services.identity.events import SecurityNotice
from services.identity.models import ProviderLink, User
from services.identity.rights.act import audit_person


async def linked_user(session: AsyncSession, provider: Provider, subject: str) -> UUID | None:
    """Whom this subject has signed in as before."""
    found: UUID | None = await session.scalar(
        select(ProviderLink.user_id).where(
            ProviderLink.issuer == provider.issuer, ProviderLink.subject == subject
        )
    )
    return found


async def person_of(
    session: AsyncSession, provider: Provider, asserted: Asserted, visit: Visit, now: datetime
) -> User:
    """The person, locked. A subject that comes for the first time is linked to the person whose
    address the provider vouches for.

    Raises `EmailNotVerified`, `DomainNotAllowed`, `NotInvited`, `LinkedToAnother`.
    """
    user_id = await linked_user(session, provider, asserted.subject)
    if user_id is None:
        return await _linked(session, provider, asserted, visit, now)
    user = await session.get_one(User, user_id, with_for_update=True)
    # The operator may have taken the domain from the provider since then.
    if not provider.speaks_for(user.email):
        raise DomainNotAllowed
    link = await session.get_one(ProviderLink, (provider.issuer, asserted.subject))
    link.last_used_at = now
    return user


async def _linked(
    session: AsyncSession, provider: Provider, asserted: Asserted, visit: Visit, now: datetime
) -> User:
    if asserted.email is None or not asserted.email_verified:
        raise EmailNotVerified
    if not provider.speaks_for(asserted.email):
        raise DomainNotAllowed
    user = await session.scalar(
        select(User).where(User.email_key == email_key(asserted.email)).with_for_update()
    )
    if user is None:
        raise NotInvited
    # Read under the person's lock: of two first sign-ins at once, one makes the link.
    links = await session.scalars(
        select(ProviderLink)
        .where(ProviderLink.issuer == provider.issuer)
        .where(or_(ProviderLink.user_id == user.id, ProviderLink.subject == asserted.subject))
    )
    existing = links.all()
    if any((link.user_id, link.subject) != (user.id, asserted.subject) for link in existing):
        raise LinkedToAnother
    if not existing:
        session.add(
            ProviderLink(
                issuer=provider.issuer,
                subject=asserted.subject,
                user_id=user.id,
                created_at=now,
                last_used_at=now,
            )
        )
        await audit_person(session, user.id, "user.provider-linked", at=now, detail=provider.issuer)
        tell(session, user.id, SecurityNotice.PROVIDER_LINKED, visit, now)
    return user


async def unlink(session: AsyncSession, user_id: UUID, issuer: str, now: datetime) -> None:
    """The person's subject there signs in as them no more, until an address is vouched for
    again. Raises `NotFound`."""
    gone = await session.scalar(
        delete(ProviderLink)
        .where(ProviderLink.user_id == user_id, ProviderLink.issuer == issuer)
        .returning(ProviderLink.subject)
    )
    if gone is None:
        raise NotFound(path=("issuer",))
    await audit_person(session, user_id, "user.provider-unlinked", at=now, detail=issuer)
