"""The vocabulary every subgraph shares: the Python side of the schema's common part.

Names are public API. A value may be added, never renamed or removed.
"""

from enum import StrEnum


class PrincipalKind(StrEnum):
    """Who is calling."""

    CUSTOMER = "CUSTOMER"
    PARTNER = "PARTNER"
    STAFF = "STAFF"
    MACHINE = "MACHINE"


class Capability(StrEnum):
    """What a caller may do in an account. `scope` is its name in `@requiresScopes`."""

    ACCOUNT_READ = "ACCOUNT_READ"
    ACCOUNT_EDIT = "ACCOUNT_EDIT"
    MEMBER_READ = "MEMBER_READ"
    MEMBER_MANAGE = "MEMBER_MANAGE"
    KEY_READ_ALL = "KEY_READ_ALL"
    KEY_READ_GROUP = "KEY_READ_GROUP"
    KEY_READ_OWN = "KEY_READ_OWN"
    KEY_REFERENCE_READ = "KEY_REFERENCE_READ"
    KEY_REVEAL = "KEY_REVEAL"
    KEY_MANAGE_ALL = "KEY_MANAGE_ALL"
    KEY_MANAGE_GROUP = "KEY_MANAGE_GROUP"
    ACTIVATION_READ = "ACTIVATION_READ"
    DEPLOYMENT_READ = "DEPLOYMENT_READ"
    DEPLOYMENT_MANAGE = "DEPLOYMENT_MANAGE"
    DOWNLOAD = "DOWNLOAD"
    CASE_CREATE = "CASE_CREATE"
    CASE_CREATE_SERVICE = "CASE_CREATE_SERVICE"
    CASE_READ_ALL = "CASE_READ_ALL"
    CASE_READ_OWN = "CASE_READ_OWN"
    INVOICE_READ = "INVOICE_READ"
    INVOICE_PAY = "INVOICE_PAY"
    REPORT_EXPORT = "REPORT_EXPORT"
    AUDIT_READ = "AUDIT_READ"
    API_CLIENT_MANAGE = "API_CLIENT_MANAGE"
    STAFF_CASE = "STAFF_CASE"
    STAFF_LICENSE = "STAFF_LICENSE"
    STAFF_FINANCE = "STAFF_FINANCE"
    AGGREGATE_READ = "AGGREGATE_READ"
    STAFF_ACCOUNT = "STAFF_ACCOUNT"

    @property
    def scope(self) -> str:
        """`INVOICE_READ` is the scope `invoice:read`."""
        return self.lower().replace("_", ":")


class ErrorCode(StrEnum):
    """Why an operation was refused; the `code` of a `UserError`."""

    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    INVALID = "INVALID"
    CONFLICT_VERSION = "CONFLICT_VERSION"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    RATE_LIMITED = "RATE_LIMITED"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    LBLM_KEY_REFUSED = "LBLM_KEY_REFUSED"
    SEATS_EXHAUSTED = "SEATS_EXHAUSTED"
    KEY_EXPIRED = "KEY_EXPIRED"
    WRONG_STATE = "WRONG_STATE"
    ALREADY_PAID = "ALREADY_PAID"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_PENDING = "PAYMENT_PENDING"
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    FILE_REJECTED = "FILE_REJECTED"
    CHECKSUM_MISMATCH = "CHECKSUM_MISMATCH"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"


class SortDirection(StrEnum):
    """The direction of a list."""

    ASC = "ASC"
    DESC = "DESC"


class ExportFormat(StrEnum):
    """The file format of an export."""

    CSV = "CSV"
    XLSX = "XLSX"
    XLS = "XLS"


class JobState(StrEnum):
    """How far a background job has got."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
