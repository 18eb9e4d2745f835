"""What identity announces.

The gateway keeps no right that `PrincipalChanged` or `SessionEnded` took away. The rest are facts
for other services and for mails; none carries a secret.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from kit.outbox import Event


@dataclass(frozen=True)
class PrincipalChanged(Event):
    """The rights of a person or machine client are not what they were."""

    topic: ClassVar[str] = "identity.principal-changed"

    principal_id: UUID


@dataclass(frozen=True)
class SessionEnded(Event):
    """A session is over; `session_id` is the `sid` of its access tokens."""

    topic: ClassVar[str] = "identity.session-ended"

    session_id: UUID


@dataclass(frozen=True)
class PersonChanged(Event):
    """All that other services need to know of a person, as it is now: what they are called, where
    they get mail, the accounts they are an active member of, and their rights.

    `revision` grows with each announcement of the person. `principal` is `Principal.encode` of
    the rights that they have without a session, None when they have none any more; when it ends
    by itself, another announcement follows.
    """

    topic: ClassVar[str] = "identity.person-changed"

    user_id: UUID
    revision: int
    name: str
    email: str
    locale: str | None
    account_ids: tuple[str, ...]
    principal: str | None


class SecurityNotice(StrEnum):
    """What people are told by mail about signing in as them."""

    NEW_SIGN_IN = "NEW_SIGN_IN"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    SECOND_FACTOR_ON = "SECOND_FACTOR_ON"
    SECOND_FACTOR_OFF = "SECOND_FACTOR_OFF"
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    TOKEN_REUSED = "TOKEN_REUSED"
    PROVIDER_LINKED = "PROVIDER_LINKED"


@dataclass(frozen=True)
class SecurityNoticed(Event):
    """Something that a person should hear of, in case it was not them."""

    topic: ClassVar[str] = "identity.security-noticed"

    user_id: UUID
    notice: SecurityNotice
    at: datetime
    user_agent: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class PasswordResetAsked(Event):
    """Somebody forgot a password. Known or not, the address is sealed: what strangers type is
    not kept."""

    topic: ClassVar[str] = "identity.password-reset-asked"

    sealed_email: str
    at: datetime


@dataclass(frozen=True)
class InvitationSent(Event):
    """Somebody is asked to join an account, perhaps not for the first time.

    The token in the mail is derived from `token_id`.
    """

    topic: ClassVar[str] = "identity.invitation-sent"

    invitation_id: UUID
    token_id: UUID


@dataclass(frozen=True)
class MemberJoined(Event):
    """A person belongs to an account now; `key_group_ids` are groups that they shall manage."""

    topic: ClassVar[str] = "identity.member-joined"

    membership_id: UUID
    account_id: UUID
    user_id: UUID
    email: str
    role: str
    key_group_ids: tuple[str, ...]


@dataclass(frozen=True)
class MemberRemoved(Event):
    """A person does not belong to an account any more."""

    topic: ClassVar[str] = "identity.member-removed"

    membership_id: UUID
    account_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class MemberSuspended(Event):
    """A member may do nothing in the account for a time."""

    topic: ClassVar[str] = "identity.member-suspended"

    membership_id: UUID
    account_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class MemberRestored(Event):
    """A suspended member may do what they could before."""

    topic: ClassVar[str] = "identity.member-restored"

    membership_id: UUID
    account_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class RoleChanged(Event):
    """A member has another role, or the Case Administrator add-on was given or taken."""

    topic: ClassVar[str] = "identity.role-changed"

    membership_id: UUID
    account_id: UUID
    user_id: UUID
    before: str
    after: str


@dataclass(frozen=True)
class PartnerRelated(Event):
    """A partner's people may act in a customer's account."""

    topic: ClassVar[str] = "identity.partner-related"

    relation_id: UUID
    account_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class PartnerRelationEnded(Event):
    """A relation has got its last day, or ended at once."""

    topic: ClassVar[str] = "identity.partner-relation-ended"

    relation_id: UUID
    account_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class RestorationRequested(Event):
    """Staff ask to give an account an administrator."""

    topic: ClassVar[str] = "identity.restoration-requested"

    restoration_id: UUID
    account_id: UUID


@dataclass(frozen=True)
class AdministratorRestored(Event):
    """Staff have given an account an administrator, or have invited one."""

    topic: ClassVar[str] = "identity.administrator-restored"

    restoration_id: UUID
    account_id: UUID
