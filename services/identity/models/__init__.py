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
from services.identity.models.export import AuditExport, UserExport
from services.identity.models.membership import (
    Invitation,
    InvitationState,
    Membership,
    MembershipState,
    Role,
)
from services.identity.models.notice import Notice, NotificationKind, NotificationPreference
from services.identity.models.provider_link import ProviderLink
from services.identity.models.registry import Base
from services.identity.models.restoration import (
    AdministratorRestoration,
    RestorationApproval,
    RestorationState,
)
from services.identity.models.session import RefreshToken, Session, SigningKey
from services.identity.models.user import (
    Credential,
    Desk,
    PasswordReset,
    RecoveryCode,
    StaffAssignment,
    User,
    UserState,
)

__all__ = [
    "Account",
    "AccountKind",
    "AccountStatus",
    "Address",
    "AdministratorRestoration",
    "ApiClient",
    "AuditEvent",
    "AuditExport",
    "Base",
    "Credential",
    "Desk",
    "Invitation",
    "InvitationState",
    "Membership",
    "MembershipState",
    "Notice",
    "NotificationKind",
    "NotificationPreference",
    "PartnerRelation",
    "PasswordReset",
    "ProviderLink",
    "RecoveryCode",
    "RefreshToken",
    "RestorationApproval",
    "RestorationState",
    "Role",
    "Session",
    "SigningKey",
    "StaffAssignment",
    "User",
    "UserExport",
    "UserState",
]
