"""Identity's tables: one module per noun, all of them named here."""

from services.identity.models.account import (
    Account,
    AccountKind,
    AccountStatus,
    Address,
    PartnerRelation,
)
from services.identity.models.api_client import ApiClient
from services.identity.models.audit import AuditEvent
from services.identity.models.export import UserExport
from services.identity.models.membership import (
    Invitation,
    InvitationState,
    Membership,
    MembershipState,
    Role,
)
from services.identity.models.registry import Base
from services.identity.models.session import RefreshToken, Session, SignInFailures, SigningKey
from services.identity.models.user import Credential, Desk, StaffAssignment, User, UserState

__all__ = [
    "Account",
    "AccountKind",
    "AccountStatus",
    "Address",
    "ApiClient",
    "AuditEvent",
    "Base",
    "Credential",
    "Desk",
    "Invitation",
    "InvitationState",
    "Membership",
    "MembershipState",
    "PartnerRelation",
    "RefreshToken",
    "Role",
    "Session",
    "SignInFailures",
    "SigningKey",
    "StaffAssignment",
    "User",
    "UserExport",
    "UserState",
]
