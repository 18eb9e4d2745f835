"""The licensing service's part of the answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.e2e.oracle.answers import Denied, Reader, Thing, connection, resolves, things
from tests.e2e.oracle.identity import the_account, the_user
from tests.e2e.oracle.rows import Row

_READING = ("KEY_READ_ALL", "KEY_READ_GROUP", "KEY_READ_OWN")
_BY_LOGIN = ("CREATOR", "DESKTOP", "PREP")


def is_visible(reader: Reader, key: Row) -> bool:
    """The rule of keys' rows."""
    person, account = reader.person, key["account_id"]
    if not person.holds("STAFF_LICENSE", account) and key["visible_from"] > reader.today:
        return False
    if person.holds("KEY_READ_ALL", account):
        return True
    if person.holds("KEY_READ_GROUP", account) and key["group_id"] in _managed(reader):
        return True
    return person.id in (key["owner_id"], key["assignee_id"]) and person.holds(
        "KEY_READ_OWN", account
    )


def _managed(reader: Reader) -> set[UUID]:
    managers = reader.rows.all("licensing.key_group_managers", user_id=reader.person.id)
    return {each["group_id"] for each in managers}


def key_if_visible(reader: Reader, id: UUID) -> Thing | None:
    """A key that another service names."""
    row = reader.rows.one("licensing.product_keys", id=id)
    return Thing("ProductKey", row) if row is not None and is_visible(reader, row) else None


def deployment_if_visible(reader: Reader, id: UUID) -> Thing | None:
    """A deployment that a case or a key names."""
    row = reader.rows.one("licensing.deployments", id=id)
    if row is None or not reader.person.holds("DEPLOYMENT_READ", row["account_id"]):
        return None
    if reader.person.holds("KEY_READ_ALL", row["account_id"]):
        return Thing("Deployment", row)
    keys = reader.rows.all("licensing.product_keys", deployment_id=id)
    return Thing("Deployment", row) if any(is_visible(reader, each) for each in keys) else None


def _in_view(reader: Reader, key: Row, view: str) -> bool:
    today, maintained = reader.today, key["maintenance_ends_on"]
    match view:
        case "ALL":
            return True
        case "CURRENT_MAINTENANCE":
            return maintained is not None and maintained >= today
        case "EXPIRED_MAINTENANCE":
            return maintained is not None and maintained < today
        case "EXPIRING":
            last = today + timedelta(days=90)
            ends = (maintained, key["expires_on"])
            return any(each is not None and today <= each <= last for each in ends)
        case "UNREGISTERED":
            known = reader.person.holds("ACTIVATION_READ", key["account_id"])
            return known and key["last_registered_at"] is None
        case "UNASSIGNED":
            return key["assigned_at"] is None
        case "MINE":
            return reader.person.id in (key["owner_id"], key["assignee_id"])
        case _:
            raise AssertionError(view)


def _page(reader: Reader, found: Sequence[Row], view: str, page: dict[str, Any]) -> Any:
    found = [each for each in found if is_visible(reader, each) and _in_view(reader, each, view)]
    if view == "EXPIRING":
        never = date.max
        ordered = sorted(found, key=lambda each: (each["maintenance_ends_on"] or never, each["id"]))
    else:
        ordered = sorted(found, key=lambda each: (each["starts_on"], each["id"]), reverse=True)
    return connection("ProductKey", ordered, **page)


@resolves("Query", "productKeys")
@resolves("Viewer", "productKeys")
def keys(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any(*_READING):
        raise Denied
    return _page(reader, reader.rows.all("licensing.product_keys"), view, page)


@resolves("Account", "productKeys")
def account_keys(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any(*_READING):
        raise Denied
    if not any(reader.person.holds(each, row["id"]) for each in _READING):
        return None
    return _page(
        reader, reader.rows.all("licensing.product_keys", account_id=row["id"]), view, page
    )


@resolves("Account", "loginBasedLicensing")
def login_based(reader: Reader, row: Row) -> Any:
    person = reader.person
    if not person.everywhere and row["id"] not in person.accounts:
        return None
    return _is_login_based(reader, row["id"])


def _is_login_based(reader: Reader, account_id: UUID) -> bool:
    deployments = reader.rows.all("licensing.deployments", account_id=account_id)
    return bool(deployments) and all(each["login_based"] for each in deployments)


@resolves("ProductKey", "maskedKey")
def masked(reader: Reader, row: Row) -> Any:
    return f"{row['head']}..-....-{row['tail']}"


@resolves("ProductKey", "state")
def state(reader: Reader, row: Row) -> Any:
    return _state(reader, row)


def _state(reader: Reader, key: Row) -> str:
    if key["revoked_at"] is not None:
        return "REVOKED"
    if key["suspended_at"] is not None:
        return "SUSPENDED"
    if key["expires_on"] is not None and key["expires_on"] < reader.today:
        return "EXPIRED"
    return "PENDING" if reader.today < key["starts_on"] else "ACTIVE"


@resolves("ProductKey", "account")
def key_account(reader: Reader, row: Row) -> Any:
    return the_account(reader, row["account_id"])


@resolves("ProductKey", "owner")
def owner(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["owner_id"])


@resolves("ProductKey", "assignment")
def assignment(reader: Reader, row: Row) -> Any:
    if row["assigned_at"] is None:
        return None
    return {"name": row["assigned_name"], "email": row["assigned_email"]}


@resolves("ProductKey", "lastRegistration")
def last_registration(reader: Reader, row: Row) -> Any:
    if not reader.person.holds_any("ACTIVATION_READ"):
        raise Denied
    if row["last_registration_id"] is None:
        return None
    if not reader.person.holds("ACTIVATION_READ", row["account_id"]):
        return None
    return reader.rows.one("licensing.registrations", id=row["last_registration_id"])


@resolves("ProductKey", "activationsUsed")
def activations_used(reader: Reader, row: Row) -> Any:
    return _of_activations(reader, row, "activations_used")


@resolves("ProductKey", "activationsAllowed")
def activations_allowed(reader: Reader, row: Row) -> Any:
    return _of_activations(reader, row, "activations_allowed")


def _of_activations(reader: Reader, key: Row, column: str) -> Any:
    if not reader.person.holds_any("ACTIVATION_READ"):
        raise Denied
    return key[column] if reader.person.holds("ACTIVATION_READ", key["account_id"]) else None


@resolves("ProductKey", "group")
def group(reader: Reader, row: Row) -> Any:
    found = reader.rows.one("licensing.key_groups", id=row["group_id"]) if row["group_id"] else None
    return Thing("KeyGroup", found) if found and _sees_group(reader, found) else None


def _sees_group(reader: Reader, group: Row) -> bool:
    if reader.person.holds("KEY_READ_ALL", group["account_id"]):
        return True
    manages = group["id"] in _managed(reader)
    return manages and reader.person.holds("KEY_READ_GROUP", group["account_id"])


@resolves("Membership", "keyGroups")
def member_groups(reader: Reader, row: Row) -> Any:
    if not reader.person.holds_any("KEY_READ_ALL", "KEY_READ_GROUP"):
        raise Denied
    ids = [
        each["group_id"]
        for each in reader.rows.all("licensing.key_group_managers", membership_id=row["id"])
        if reader.person.holds("MEMBER_READ", each["account_id"])
        or each["user_id"] == reader.person.id
    ]
    found = [reader.rows.one("licensing.key_groups", id=id) for id in ids]
    seen = [each for each in found if each is not None and _sees_group(reader, each)]
    return things("KeyGroup", sorted(seen, key=lambda each: (each["name"], each["id"])))


@resolves("ProductKey", "deployment")
def deployment(reader: Reader, row: Row) -> Any:
    return deployment_if_visible(reader, row["deployment_id"]) if row["deployment_id"] else None


@resolves("ProductKey", "reference")
def reference(reader: Reader, row: Row) -> Any:
    if not reader.person.holds("KEY_REFERENCE_READ", row["account_id"]):
        return {"label": None, "cost_centre": None, "note": None}
    return {each: row[f"reference_{each}"] for each in ("label", "cost_centre", "note")}


@resolves("ProductKey", "contract")
def contract(reader: Reader, row: Row) -> Any:
    if not reader.person.holds_any("KEY_READ_ALL", "KEY_READ_GROUP"):
        raise Denied
    readers = ("KEY_READ_ALL", "KEY_READ_GROUP")
    if row["contract_id"] is None:
        return None
    if not any(reader.person.holds(each, row["account_id"]) for each in readers):
        return None
    found = reader.rows.one("billing.contracts", id=row["contract_id"])
    return Thing("Contract", found) if found is not None else None


@resolves("ProductKey", "viewerCan")
def viewer_can(reader: Reader, row: Row) -> Any:
    person, account = reader.person, row["account_id"]
    managed = person.holds("KEY_MANAGE_ALL", account) or (
        row["group_id"] in _managed(reader) and person.holds("KEY_MANAGE_GROUP", account)
    )
    by_login = _is_login_based(reader, account)
    if row["deployment_id"] is not None:
        found = reader.rows.one("licensing.deployments", id=row["deployment_id"])
        by_login = found is not None and found["login_based"]
    refused = by_login and row["product"] in _BY_LOGIN
    return {
        "reveal": person.holds("KEY_REVEAL", account),
        "assign": managed and not refused and _state(reader, row) in ("ACTIVE", "PENDING"),
        "edit": managed,
        "change_owner": person.holds("KEY_MANAGE_ALL", account),
    }
