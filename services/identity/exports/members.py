"""The members of an account as a list."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.contract import Capability, PrincipalKind
from kit.database import among
from kit.exports.cells import Cell
from kit.exports.runner import Report
from kit.messages import N_, Message
from kit.principal import Principal
from services.identity.models import (
    Invitation,
    Membership,
    MembershipState,
    Role,
    User,
    UserExport,
)

#: Rows that are fetched at once, from a cursor on the server.
_AT_ONCE: Final = 500

_COLUMNS: Final = tuple(
    map(
        Message,
        (
            N_("First name"),
            N_("Last name"),
            N_("E-mail"),
            N_("Role"),
            N_("Case administrator"),
            N_("State"),
            N_("Second factor"),
            N_("Last sign-in (UTC)"),
            N_("Member since (UTC)"),
            N_("Invited by"),
        ),
    )
)

_ROLES: Final[Mapping[Role, Message]] = {
    Role.ADMINISTRATOR: Message(N_("Administrator")),
    Role.LICENSE_ADMINISTRATOR: Message(N_("License administrator")),
    Role.KEY_GROUP_MANAGER: Message(N_("Key group manager")),
    Role.INDIVIDUAL: Message(N_("Individual")),
    Role.DOWNLOAD_ONLY: Message(N_("Download only")),
    Role.SUPPORT_ONLY: Message(N_("Support only")),
    Role.BILLING: Message(N_("Billing")),
    Role.PARTNER_MANAGER: Message(N_("Partner manager")),
    Role.PARTNER_AGENT: Message(N_("Partner agent")),
}
_STATES: Final[Mapping[MembershipState, Message]] = {
    MembershipState.ACTIVE: Message(N_("Active")),
    MembershipState.SUSPENDED: Message(N_("Suspended")),
}
_YES: Final = Message(N_("Yes"))
_NO: Final = Message(N_("No"))


async def _rows(session: AsyncSession, job: UserExport) -> AsyncIterator[Sequence[Cell | Message]]:
    reader = Principal.decode(job.principal or "")
    found = await session.stream(_members(job).execution_options(yield_per=_AT_ONCE))
    async for row in found:
        yield [
            *(row.first_name, row.last_name, row.email, _ROLES[row.role]),
            *(_said(row.case_administrator), _STATES[row.state]),
            _said(row.mfa_enabled) if _manages(reader, row.account_id) else None,
            *(row.last_sign_in_at, row.created_at, row.invited_by),
        ]


def _members(job: UserExport) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(User.first_name, User.last_name, User.email, User.mfa_enabled),
            *(User.last_sign_in_at, Membership.account_id, Membership.role, Membership.state),
            *(Membership.case_administrator, Membership.created_at),
            _inviter().label("invited_by"),
        )
        .join(User, User.id == Membership.user_id)
        .where(
            among(Membership.account_id, job.account_ids),
            Membership.state != MembershipState.REMOVED,
        )
        .order_by(User.last_name, User.first_name, Membership.id)
    )


def _inviter() -> ScalarSelect[Any]:
    """Who sent the invitation that the member accepted last."""
    inviter = aliased(User)
    return (
        select(inviter.first_name + " " + inviter.last_name)
        .join(Invitation, Invitation.invited_by_id == inviter.id)
        .where(
            Invitation.account_id == Membership.account_id,
            Invitation.email_key == User.email_key,
            Invitation.accepted_at.is_not(None),
        )
        .order_by(Invitation.accepted_at.desc())
        .limit(1)
        .correlate(Membership, User)
        .scalar_subquery()
    )


def _manages(reader: Principal, account_id: Any) -> bool:
    """As `User.mfaEnabled` has it."""
    is_staff = reader.kind is PrincipalKind.STAFF
    return is_staff or reader.holds(Capability.MEMBER_MANAGE, account_id)


def _said(yes: bool) -> Message:
    return _YES if yes else _NO


MEMBERS: Final[Report[UserExport]] = Report(
    title=Message(N_("Users")), columns=lambda job: _COLUMNS, rows=_rows
)
