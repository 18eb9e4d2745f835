"""Roles in capabilities: the one place that says who may do what."""

from collections.abc import Iterable, Mapping
from typing import Final

from kit.contract import Capability as C
from services.identity.models import AccountKind, AccountStatus, Desk, Role

_NOTHING: Final[frozenset[C]] = frozenset()

_ADMINISTRATOR: Final = frozenset(
    {
        *(C.ACCOUNT_READ, C.ACCOUNT_EDIT, C.MEMBER_READ, C.MEMBER_MANAGE),
        *(C.KEY_READ_ALL, C.KEY_REFERENCE_READ, C.KEY_REVEAL, C.KEY_MANAGE_ALL),
        *(C.ACTIVATION_READ, C.DEPLOYMENT_READ, C.DEPLOYMENT_MANAGE, C.DOWNLOAD),
        *(C.CASE_CREATE, C.CASE_READ_ALL, C.INVOICE_READ, C.INVOICE_PAY),
        *(C.REPORT_EXPORT, C.AUDIT_READ, C.API_CLIENT_MANAGE, C.AGGREGATE_READ),
    }
)

#: In the member's own account.
ROLES: Final[Mapping[Role, frozenset[C]]] = {
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    Role.LICENSE_ADMINISTRATOR: frozenset(
        {
            *(C.ACCOUNT_READ, C.MEMBER_READ, C.KEY_READ_ALL, C.KEY_REFERENCE_READ, C.KEY_REVEAL),
            *(C.KEY_MANAGE_ALL, C.ACTIVATION_READ, C.DEPLOYMENT_READ, C.DEPLOYMENT_MANAGE),
            *(C.DOWNLOAD, C.CASE_CREATE, C.CASE_READ_OWN, C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Role.KEY_GROUP_MANAGER: frozenset(
        {
            *(C.KEY_READ_GROUP, C.KEY_READ_OWN, C.KEY_REFERENCE_READ, C.KEY_REVEAL),
            *(C.KEY_MANAGE_GROUP, C.ACTIVATION_READ, C.DEPLOYMENT_READ, C.DOWNLOAD),
            *(C.CASE_CREATE, C.CASE_READ_OWN, C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Role.INDIVIDUAL: frozenset(
        {
            *(C.KEY_READ_OWN, C.KEY_REFERENCE_READ, C.KEY_REVEAL, C.ACTIVATION_READ),
            *(C.DOWNLOAD, C.CASE_CREATE, C.CASE_READ_OWN),
        }
    ),
    Role.DOWNLOAD_ONLY: frozenset(
        {
            *(C.KEY_READ_OWN, C.KEY_REVEAL, C.ACTIVATION_READ),
            *(C.DOWNLOAD, C.CASE_CREATE, C.CASE_READ_OWN),
        }
    ),
    Role.SUPPORT_ONLY: frozenset({C.CASE_CREATE, C.CASE_READ_OWN}),
    Role.BILLING: frozenset(
        {
            *(C.ACCOUNT_READ, C.ACCOUNT_EDIT, C.INVOICE_READ, C.INVOICE_PAY),
            *(C.CASE_CREATE_SERVICE, C.CASE_READ_OWN, C.AGGREGATE_READ),
        }
    ),
    Role.PARTNER_MANAGER: frozenset(
        {
            *(C.ACCOUNT_READ, C.MEMBER_READ, C.MEMBER_MANAGE, C.INVOICE_READ, C.INVOICE_PAY),
            *(C.CASE_CREATE, C.CASE_READ_ALL, C.API_CLIENT_MANAGE, C.DOWNLOAD, C.REPORT_EXPORT),
        }
    ),
    Role.PARTNER_AGENT: frozenset({C.CASE_CREATE, C.CASE_READ_OWN, C.DOWNLOAD}),
}

#: In the accounts of the partner's customers, within the relation's scope and dates.
AT_CUSTOMERS: Final[Mapping[Role, frozenset[C]]] = {
    Role.PARTNER_MANAGER: frozenset(
        {
            *(C.ACCOUNT_READ, C.MEMBER_READ, C.KEY_READ_ALL, C.ACTIVATION_READ),
            *(C.DEPLOYMENT_READ, C.DOWNLOAD, C.CASE_CREATE, C.CASE_READ_ALL),
            *(C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Role.PARTNER_AGENT: frozenset(
        {
            *(C.ACCOUNT_READ, C.KEY_READ_ALL, C.DEPLOYMENT_READ, C.DOWNLOAD),
            *(C.CASE_CREATE, C.CASE_READ_OWN),
        }
    ),
}

#: All that a relation can let a partner's people do.
PARTNER_SCOPE: Final = frozenset[C]().union(*AT_CUSTOMERS.values())

#: In every account.
DESKS: Final[Mapping[Desk, frozenset[C]]] = {
    Desk.SUPPORT: frozenset(
        {
            *(C.ACCOUNT_READ, C.MEMBER_READ, C.KEY_READ_ALL, C.ACTIVATION_READ),
            *(C.DEPLOYMENT_READ, C.DOWNLOAD, C.CASE_CREATE, C.STAFF_CASE),
            *(C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Desk.CUSTOMER_SERVICE: frozenset(
        {
            *(C.ACCOUNT_READ, C.ACCOUNT_EDIT, C.MEMBER_READ, C.AUDIT_READ, C.KEY_READ_ALL),
            *(C.CASE_CREATE, C.STAFF_CASE, C.STAFF_ACCOUNT, C.INVOICE_READ),
            *(C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Desk.LICENSING_OPERATIONS: frozenset(
        {
            *(C.ACCOUNT_READ, C.MEMBER_READ, C.KEY_READ_ALL, C.KEY_READ_GROUP, C.KEY_READ_OWN),
            *(C.KEY_REFERENCE_READ, C.KEY_REVEAL, C.KEY_MANAGE_ALL, C.KEY_MANAGE_GROUP),
            *(C.ACTIVATION_READ, C.DEPLOYMENT_READ, C.DEPLOYMENT_MANAGE, C.DOWNLOAD),
            *(C.CASE_CREATE, C.STAFF_CASE, C.STAFF_LICENSE, C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
    Desk.FINANCE: frozenset(
        {
            *(C.ACCOUNT_READ, C.ACCOUNT_EDIT, C.INVOICE_READ, C.STAFF_FINANCE),
            *(C.REPORT_EXPORT, C.AGGREGATE_READ),
        }
    ),
}

#: The queues of cases that a desk serves, by the names that the cases service gives them.
QUEUES: Final[Mapping[Desk, str]] = {
    Desk.SUPPORT: "TECHNICAL_SUPPORT",
    Desk.CUSTOMER_SERVICE: "CUSTOMER_SERVICE",
    Desk.LICENSING_OPERATIONS: "LICENSING",
}

_WHILE_SUSPENDED: Final = frozenset(
    {C.INVOICE_PAY, *(capability for capability in C if "_READ" in capability)}
)

#: Who may do the first may do the others as well.
_IMPLIED: Final[Mapping[C, frozenset[C]]] = {
    C.KEY_READ_ALL: frozenset({C.KEY_READ_GROUP, C.KEY_READ_OWN}),
    C.KEY_MANAGE_ALL: frozenset({C.KEY_MANAGE_GROUP}),
    C.CASE_READ_ALL: frozenset({C.CASE_READ_OWN}),
    C.CASE_CREATE: frozenset({C.CASE_CREATE_SERVICE}),
}

#: What a machine client may hold in its account, if its creator does: none of the people's own
#: acts, and nothing that is a person's own.
MACHINES: Final = frozenset(
    {
        *(C.ACCOUNT_READ, C.MEMBER_READ, C.AUDIT_READ, C.KEY_READ_ALL, C.KEY_REFERENCE_READ),
        *(C.KEY_MANAGE_ALL, C.ACTIVATION_READ, C.DEPLOYMENT_READ, C.DOWNLOAD, C.CASE_CREATE),
        *(C.CASE_READ_ALL, C.INVOICE_READ, C.REPORT_EXPORT, C.AGGREGATE_READ),
    }
)

#: What a machine client may hold in every account: numbers, never rows.
DASHBOARD: Final = frozenset({C.AGGREGATE_READ})


def of_member(role: Role, *, case_administrator: bool) -> frozenset[C]:
    """What a member may do in their account while it is active."""
    return ROLES[role] | {C.CASE_READ_ALL} if case_administrator else ROLES[role]


def of_partner(role: Role, scope: Iterable[C]) -> frozenset[C]:
    """What a member of the partner may do in an active customer's account."""
    return AT_CUSTOMERS.get(role, _NOTHING).intersection(scope)


def of_staff(desks: Iterable[Desk]) -> frozenset[C]:
    """What a member of staff may do everywhere: all that their desks may."""
    return _NOTHING.union(*(DESKS[desk] for desk in desks))


def may_grant(held: frozenset[C], granted: frozenset[C]) -> bool:
    """Whether somebody who holds these may give those to others: nobody gives more than theirs."""
    implied = (_IMPLIED.get(capability, _NOTHING) for capability in held)
    return granted <= held.union(*implied)


def of_machine(scopes: Iterable[C], creator: frozenset[C]) -> frozenset[C]:
    """What a machine client may do in an active account where its creator holds these."""
    return MACHINES.intersection(scopes, creator)


def left_by(status: AccountStatus, held: frozenset[C]) -> frozenset[C]:
    """What remains of it in an account of this status."""
    match status:
        case AccountStatus.ACTIVE:
            return held
        case AccountStatus.SUSPENDED:
            return held & _WHILE_SUSPENDED
        case AccountStatus.CLOSED:
            return _NOTHING


def exists_in(kind: AccountKind, role: Role) -> bool:
    """Whether the role exists in accounts of this kind."""
    return kind is AccountKind.PARTNER or role not in AT_CUSTOMERS
