"""Who may do what, by the table of roles and capabilities."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tests.e2e.oracle.rows import Row, Rows

_ALL_OF_KEYS: Final = "KEY_READ_ALL KEY_REFERENCE_READ KEY_REVEAL KEY_MANAGE_ALL"
_MATRIX: Final = {
    "ADMINISTRATOR": f"ACCOUNT_READ ACCOUNT_EDIT MEMBER_READ MEMBER_MANAGE {_ALL_OF_KEYS} "
    "ACTIVATION_READ DEPLOYMENT_READ DEPLOYMENT_MANAGE DOWNLOAD CASE_CREATE CASE_READ_ALL "
    "INVOICE_READ INVOICE_PAY REPORT_EXPORT AUDIT_READ API_CLIENT_MANAGE AGGREGATE_READ",
    "LICENSE_ADMINISTRATOR": f"ACCOUNT_READ MEMBER_READ {_ALL_OF_KEYS} ACTIVATION_READ "
    "DEPLOYMENT_READ DEPLOYMENT_MANAGE DOWNLOAD CASE_CREATE CASE_READ_OWN REPORT_EXPORT "
    "AGGREGATE_READ",
    "KEY_GROUP_MANAGER": "KEY_READ_GROUP KEY_READ_OWN KEY_REFERENCE_READ KEY_REVEAL "
    "KEY_MANAGE_GROUP ACTIVATION_READ DEPLOYMENT_READ DOWNLOAD CASE_CREATE CASE_READ_OWN "
    "REPORT_EXPORT AGGREGATE_READ",
    "INDIVIDUAL": "KEY_READ_OWN KEY_REFERENCE_READ KEY_REVEAL ACTIVATION_READ DOWNLOAD "
    "CASE_CREATE CASE_READ_OWN",
    "DOWNLOAD_ONLY": "KEY_READ_OWN KEY_REVEAL ACTIVATION_READ DOWNLOAD CASE_CREATE CASE_READ_OWN",
    "SUPPORT_ONLY": "CASE_CREATE CASE_READ_OWN",
    "BILLING": "ACCOUNT_READ ACCOUNT_EDIT INVOICE_READ INVOICE_PAY CASE_CREATE_SERVICE "
    "CASE_READ_OWN AGGREGATE_READ",
    "PARTNER_MANAGER": "ACCOUNT_READ MEMBER_READ MEMBER_MANAGE INVOICE_READ INVOICE_PAY "
    "CASE_CREATE CASE_READ_ALL API_CLIENT_MANAGE DOWNLOAD REPORT_EXPORT",
    "PARTNER_AGENT": "CASE_CREATE CASE_READ_OWN DOWNLOAD",
}
_AT_CUSTOMERS: Final = {
    "PARTNER_MANAGER": "ACCOUNT_READ MEMBER_READ KEY_READ_ALL ACTIVATION_READ DEPLOYMENT_READ "
    "DOWNLOAD CASE_CREATE CASE_READ_ALL REPORT_EXPORT AGGREGATE_READ",
    "PARTNER_AGENT": "ACCOUNT_READ KEY_READ_ALL DEPLOYMENT_READ DOWNLOAD CASE_CREATE CASE_READ_OWN",
}
_DESKS: Final = {
    "SUPPORT": "ACCOUNT_READ MEMBER_READ KEY_READ_ALL ACTIVATION_READ "
    "DEPLOYMENT_READ DOWNLOAD CASE_CREATE STAFF_CASE REPORT_EXPORT AGGREGATE_READ",
    "CUSTOMER_SERVICE": "ACCOUNT_READ ACCOUNT_EDIT MEMBER_READ AUDIT_READ KEY_READ_ALL CASE_CREATE "
    "STAFF_CASE STAFF_ACCOUNT INVOICE_READ REPORT_EXPORT AGGREGATE_READ",
    "LICENSING_OPERATIONS": "ACCOUNT_READ MEMBER_READ KEY_READ_ALL KEY_READ_GROUP KEY_READ_OWN "
    "KEY_REFERENCE_READ KEY_REVEAL KEY_MANAGE_ALL KEY_MANAGE_GROUP ACTIVATION_READ "
    "DEPLOYMENT_READ DEPLOYMENT_MANAGE DOWNLOAD CASE_CREATE STAFF_CASE STAFF_LICENSE "
    "REPORT_EXPORT AGGREGATE_READ",
    "FINANCE": "ACCOUNT_READ ACCOUNT_EDIT INVOICE_READ STAFF_FINANCE REPORT_EXPORT AGGREGATE_READ",
}
_QUEUES: Final = {
    "SUPPORT": "TECHNICAL_SUPPORT",
    "CUSTOMER_SERVICE": "CUSTOMER_SERVICE",
    "LICENSING_OPERATIONS": "LICENSING",
}


@dataclass
class Person:
    """A person and what they may do, in which account and everywhere."""

    row: Row
    accounts: dict[UUID, set[str]] = field(default_factory=dict)
    everywhere: set[str] = field(default_factory=set)
    queues: set[str] = field(default_factory=set)
    is_staff: bool = False

    @property
    def id(self) -> UUID:
        return self.row["id"]  # type: ignore[no-any-return]

    def holds(self, capability: str, account_id: UUID) -> bool:
        return capability in self.everywhere or capability in self.accounts.get(account_id, ())

    def holds_any(self, *capabilities: str) -> bool:
        held = self.everywhere.union(*self.accounts.values())
        return bool(held.intersection(capabilities))


def person_of(rows: Rows, email: str) -> Person:
    """The person with this address, as of now."""
    user = rows.one("identity.users", email=email)
    assert user is not None
    person = Person(user)
    for assignment in rows.all("identity.staff_assignments", user_id=user["id"]):
        person.is_staff = True
        person.everywhere |= set(_DESKS[assignment["desk"]].split())
        person.queues |= {_QUEUES[assignment["desk"]]} if assignment["desk"] in _QUEUES else set()
    for membership in rows.all("identity.memberships", user_id=user["id"], state="ACTIVE"):
        _grant_membership(rows, person, membership)
    return person


def _grant_membership(rows: Rows, person: Person, membership: Row) -> None:
    account = rows.one("identity.accounts", id=membership["account_id"])
    assert account is not None
    held = set(_MATRIX[membership["role"]].split())
    if membership["case_administrator"]:
        held.add("CASE_READ_ALL")
    _grant(person, account, held)
    if account["kind"] != "PARTNER":
        return
    today = datetime.now(UTC).date()
    for relation in rows.all("identity.partner_relations", partner_id=account["id"]):
        if relation["since"] <= today and (relation["until"] is None or today <= relation["until"]):
            customer = rows.one("identity.accounts", id=relation["account_id"])
            assert customer is not None
            held = set(_AT_CUSTOMERS.get(membership["role"], "").split())
            _grant(person, customer, held.intersection(relation["scope"]))


def _grant(person: Person, account: Row, held: set[str]) -> None:
    if account["status"] == "CLOSED":
        return
    if account["status"] == "SUSPENDED":
        held = {each for each in held if "_READ" in each or each == "INVOICE_PAY"}
    if held:
        person.accounts.setdefault(account["id"], set()).update(held)
