"""The letters about invitations, members, partners and administrators."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import to_global
from kit.messages import format_date
from kit.notices.letters import Letter, Link, Recipient, spoken
from kit.notices.mailing import Composer
from kit.streams import Received
from services.identity import events
from services.identity.models import (
    Account,
    AdministratorRestoration,
    Invitation,
    Membership,
    MembershipState,
    NotificationKind,
    Role,
    User,
)
from services.identity.notices import wordings
from services.identity.notices.recipients import recipients
from services.identity.rights.accounts import is_active_member, people_of
from services.identity.rights.invitations import TOKEN_PURPOSE

_INVITATION_PAGE: Final = "/invitation"


async def about_invitation(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the invited address, in its person's language or else the inviter's."""
    invitation = await session.get_one(Invitation, _id(event, "invitation_id"))
    account = await session.get_one(Account, invitation.account_id)
    inviter = await _inviter(session, invitation)
    reader = await session.scalar(select(User).where(User.email_key == invitation.email_key))
    speaker = reader or inviter
    locale = spoken(speaker.locale if speaker is not None else None)
    until = format_date(invitation.expires_at.date(), locale)
    params = {"account": account.name, "until": until}
    link = Link(_INVITATION_PAGE, TOKEN_PURPOSE, _id(event, "token_id"))
    to = Recipient(invitation.email, locale)
    if inviter is None:
        return [Letter(to, wordings.INVITED_BY_US, params, link)]
    return [Letter(to, wordings.INVITED, {**params, "inviter": inviter.name}, link)]


async def about_new_member(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the other administrators, when the new member is one."""
    if not _administers(event.payload["role"]):
        return []
    return await _administrator_added(session, event)


async def about_role(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the member; and to the other administrators, when they have become one."""
    letters = await _to_member(session, event, wordings.ROLE_CHANGED)
    before, after = event.payload["before"], event.payload["after"]
    if _administers(after) and not _administers(before):
        letters += await _administrator_added(session, event)
    return letters


async def about_removal(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To whoever was removed."""
    return await _to_member(session, event, wordings.REMOVED, Link())


async def about_suspension(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the suspended member."""
    return await _to_member(session, event, wordings.SUSPENDED, Link())


async def about_restored_member(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the member who may act again."""
    return await _to_member(session, event, wordings.RESTORED)


async def about_partner(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the administrators of the customer's account."""
    return await _about_relation(session, event, wordings.PARTNER_RELATED)


async def about_ended_relation(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To the administrators of the customer's account."""
    return await _about_relation(session, event, wordings.PARTNER_RELATION_ENDED)


async def about_requested_restoration(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To every member."""
    return await _about_restoration(session, event, wordings.RESTORATION_REQUESTED)


async def about_restored_administrator(session: AsyncSession, event: Received) -> Sequence[Letter]:
    """To every member."""
    return await _about_restoration(session, event, wordings.ADMINISTRATOR_RESTORED)


COMPOSERS: Final[Mapping[str, Composer]] = {
    events.InvitationSent.topic: about_invitation,
    events.MemberJoined.topic: about_new_member,
    events.RoleChanged.topic: about_role,
    events.MemberRemoved.topic: about_removal,
    events.MemberSuspended.topic: about_suspension,
    events.MemberRestored.topic: about_restored_member,
    events.PartnerRelated.topic: about_partner,
    events.PartnerRelationEnded.topic: about_ended_relation,
    events.RestorationRequested.topic: about_requested_restoration,
    events.AdministratorRestored.topic: about_restored_administrator,
}


async def _inviter(session: AsyncSession, invitation: Invitation) -> User | None:
    """The member who asked; None for staff, whose names are nobody's business."""
    if invitation.invited_by_id is None or not await is_active_member(
        session, invitation.account_id, invitation.invited_by_id
    ):
        return None
    return await session.get_one(User, invitation.invited_by_id)


async def _to_member(
    session: AsyncSession, event: Received, wording: str, link: Link | None = None
) -> list[Letter]:
    account = await session.get_one(Account, _id(event, "account_id"))
    member = [_id(event, "user_id")]
    return [
        Letter(to, wording, {"account": account.name}, link or Link(_page(account)))
        for to in await recipients(session, member, NotificationKind.MEMBERSHIP)
    ]


async def _administrator_added(session: AsyncSession, event: Received) -> list[Letter]:
    account = await session.get_one(Account, _id(event, "account_id"))
    person = await session.get_one(User, _id(event, "user_id"))
    others = await _administrators(session, account.id) - {person.id}
    params = {"account": account.name, "person": person.name}
    return [
        Letter(to, wordings.ADMINISTRATOR_ADDED, params, Link(f"{_page(account)}/members"))
        for to in await recipients(session, others, NotificationKind.ADMINISTRATORS)
    ]


async def _about_relation(session: AsyncSession, event: Received, wording: str) -> list[Letter]:
    account = await session.get_one(Account, _id(event, "account_id"))
    partner = await session.get_one(Account, _id(event, "partner_id"))
    administrators = await _administrators(session, account.id)
    params = {"account": account.name, "partner": partner.name}
    return [
        Letter(to, wording, params, Link(f"{_page(account)}/partners"))
        for to in await recipients(session, administrators, NotificationKind.PARTNERS)
    ]


async def _about_restoration(session: AsyncSession, event: Received, wording: str) -> list[Letter]:
    account = await session.get_one(Account, _id(event, "account_id"))
    restoration = await session.get_one(AdministratorRestoration, _id(event, "restoration_id"))
    members = await people_of(session, account.id)
    params = {
        "account": account.name,
        "person": f"{restoration.first_name} {restoration.last_name}",
    }
    return [
        Letter(to, wording, params, Link(_page(account)))
        for to in await recipients(session, members, NotificationKind.SECURITY)
    ]


async def _administrators(session: AsyncSession, account_id: UUID) -> set[UUID]:
    rows = await session.scalars(
        select(Membership.user_id).where(
            Membership.account_id == account_id,
            Membership.state == MembershipState.ACTIVE,
            Membership.role == Role.ADMINISTRATOR,
        )
    )
    return set(rows)


def _administers(described_role: str) -> bool:
    return described_role.split(" ")[0] == Role.ADMINISTRATOR


def _page(account: Account) -> str:
    return f"/accounts/{to_global('acc', account.id)}"


def _id(event: Received, name: str) -> UUID:
    return UUID(event.payload[name])
