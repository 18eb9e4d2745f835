"""Identity's part of the answers."""

from typing import Any
from uuid import UUID

from kit.ids import from_global, to_global
from tests.e2e.oracle.answers import Reader, Thing, connection, resolves, things
from tests.e2e.oracle.rows import Row


@resolves("Query", "me")
def me(reader: Reader, row: Row) -> Any:
    return Thing("Viewer", reader.person.row)


@resolves("Viewer", "id")
def viewer_id(reader: Reader, row: Row) -> Any:
    return to_global("user", row["id"])


@resolves("Viewer", "user")
def viewer_user(reader: Reader, row: Row) -> Any:
    return Thing("User", row)


@resolves("Viewer", "accounts")
@resolves("Query", "accounts")
def accounts(reader: Reader, row: Row, **page: Any) -> Any:
    person = reader.person
    found = [
        account
        for account in reader.rows.all("identity.accounts")
        if person.is_staff or account["id"] in person.accounts
    ]
    return connection("Account", sorted(found, key=lambda each: (each["name"], each["id"])), **page)


@resolves("Query", "account")
def account_by_id(reader: Reader, row: Row, id: str, **_: Any) -> Any:
    uuid = from_global("acc", id)
    if uuid is None or not _knows_account(reader, uuid):
        return None
    return the_account(reader, uuid)


def _knows_account(reader: Reader, id: UUID) -> bool:
    """Whether the person reaches the account, or knows it as one side of a partner relation."""
    person = reader.person
    if person.is_staff or id in person.accounts:
        return True
    own = _own_accounts(reader)
    is_partner = any(reader.rows.all("identity.accounts", id=each, kind="PARTNER") for each in own)
    for relation in reader.rows.all("identity.partner_relations"):
        customer, partner = relation["account_id"], relation["partner_id"]
        readable = person.holds("ACCOUNT_READ", customer) and (not is_partner or customer in own)
        if (id == partner and readable) or (id == customer and partner in own):
            return True
    return False


def _own_accounts(reader: Reader) -> set[UUID]:
    memberships = reader.rows.all("identity.memberships", user_id=reader.person.id, state="ACTIVE")
    return {each["account_id"] for each in memberships}


def the_account(reader: Reader, id: UUID) -> Thing:
    """By id, whoever asks: what shows names an account, and all may know its name."""
    row = reader.rows.one("identity.accounts", id=id)
    assert row is not None
    return Thing("Account", row)


def the_user(reader: Reader, id: UUID | None) -> Thing | None:
    """By id, whoever asks: what shows names a person, and all may know their name."""
    row = reader.rows.one("identity.users", id=id) if id is not None else None
    return Thing("User", row) if row is not None else None


@resolves("Account", "viewerCapabilities")
def viewer_capabilities(reader: Reader, row: Row) -> Any:
    return sorted(reader.person.everywhere | reader.person.accounts.get(row["id"], set()))


@resolves("Account", "billingAddress")
def billing_address(reader: Reader, row: Row) -> Any:
    return row["billing_address"] if reader.person.holds("ACCOUNT_READ", row["id"]) else None


@resolves("Account", "shippingAddress")
def shipping_address(reader: Reader, row: Row) -> Any:
    return row["shipping_address"] if reader.person.holds("ACCOUNT_READ", row["id"]) else None


@resolves("Account", "members")
def members(reader: Reader, row: Row, **page: Any) -> Any:
    if not reader.person.holds("MEMBER_READ", row["id"]):
        return None
    users = {user["id"]: user for user in reader.rows.all("identity.users")}

    def by_name(member: Row) -> Any:
        user = users[member["user_id"]]
        return (user["last_name"], user["first_name"], member["id"])

    found = [
        member
        for member in reader.rows.all("identity.memberships", account_id=row["id"])
        if member["state"] != "REMOVED"
    ]
    return connection("Membership", sorted(found, key=by_name), **page)


@resolves("Membership", "user")
def member_user(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["user_id"])


@resolves("Account", "invitations")
def invitations(reader: Reader, row: Row, **page: Any) -> Any:
    if not reader.person.holds("MEMBER_READ", row["id"]):
        return None
    found = reader.rows.all("identity.invitations", account_id=row["id"])
    newest = sorted(found, key=lambda each: (each["created_at"], each["id"]), reverse=True)
    return connection("Invitation", newest, **page)


@resolves("Invitation", "state")
def invitation_state(reader: Reader, row: Row) -> Any:
    if row["accepted_at"] is not None:
        return "ACCEPTED"
    if row["revoked_at"] is not None:
        return "REVOKED"
    return "PENDING" if reader.now < row["expires_at"] else "EXPIRED"


@resolves("Account", "partners")
def partners(reader: Reader, row: Row) -> Any:
    if not reader.person.holds("ACCOUNT_READ", row["id"]):
        return None
    own = _own_accounts(reader)
    relations = reader.rows.all("identity.partner_relations", account_id=row["id"])
    belongs = reader.person.is_staff or row["id"] in own
    found = [each for each in relations if belongs or each["partner_id"] in own]
    return things("PartnerRelation", sorted(found, key=lambda each: (each["since"], each["id"])))


@resolves("PartnerRelation", "partner")
def relation_partner(reader: Reader, row: Row) -> Any:
    return the_account(reader, row["partner_id"])


@resolves("PartnerRelation", "scope")
def relation_scope(reader: Reader, row: Row) -> Any:
    return sorted(row["scope"])


@resolves("User", "name")
def user_name(reader: Reader, row: Row) -> Any:
    return f"{row['first_name']} {row['last_name']}"


@resolves("User", "email")
def user_email(reader: Reader, row: Row) -> Any:
    return row["email"] if _is_known(reader, row) else None


@resolves("User", "lastSignInAt")
def user_last_sign_in(reader: Reader, row: Row) -> Any:
    seen = row["last_sign_in_at"] if _is_known(reader, row) else None
    return seen.isoformat().replace("+00:00", "Z") if seen is not None else None


def _is_known(reader: Reader, user: Row) -> bool:
    person = reader.person
    if person.is_staff or user["id"] == person.id:
        return True
    return any(
        person.holds("MEMBER_READ", member["account_id"])
        for member in reader.rows.all("identity.memberships", user_id=user["id"])
        if member["state"] != "REMOVED"
    )
