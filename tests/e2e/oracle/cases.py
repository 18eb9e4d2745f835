"""The cases service's part of the answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.ids import to_global
from tests.e2e.oracle.answers import Denied, Reader, Thing, connection, resolves, things
from tests.e2e.oracle.identity import the_account, the_user
from tests.e2e.oracle.licensing import deployment_if_visible, key_if_visible
from tests.e2e.oracle.rows import Row

_READING = ("CASE_READ_ALL", "CASE_READ_OWN", "STAFF_CASE")
_ENDED = ("RESOLVED", "CLOSED")
#: Groups that are smaller are told only to those who may read what is counted.
_SMALLEST = 5


def is_visible(reader: Reader, case: Row) -> bool:
    """The rule of cases' rows."""
    person, account = reader.person, case["account_id"]
    if person.holds("CASE_READ_ALL", account):
        return True
    if "STAFF_CASE" in person.everywhere and case["queue"] in person.queues:
        return True
    own = case["requester_id"] == person.id or reader.rows.all(
        "cases.case_participants", case_id=case["id"], user_id=person.id
    )
    return bool(own) and person.holds("CASE_READ_OWN", account)


def _works_on_cases(reader: Reader) -> bool:
    return "STAFF_CASE" in reader.person.everywhere


def _status(reader: Reader, case: Row) -> str:
    held = case["status"] == "ON_HOLD" and not _works_on_cases(reader)
    return "OPEN" if held else case["status"]


def _updated_at(reader: Reader, case: Row) -> datetime:
    column = "updated_at" if _works_on_cases(reader) else "customer_updated_at"
    return case[column]  # type: ignore[no-any-return]


def _in_view(reader: Reader, case: Row, view: str) -> bool:
    is_open = case["status"] not in _ENDED
    mine = case["requester_id"] == reader.person.id
    match view:
        case "ALL":
            return True
        case "ALL_OPEN":
            return is_open
        case "ACTIVE_SUPPORT":
            return bool(is_open and case["queue"] == "TECHNICAL_SUPPORT")
        case "OPENED_BY_ME":
            return bool(mine)
        case "MY_LICENSING":
            return bool(mine and case["queue"] == "LICENSING")
        case "RECENTLY_VIEWED":
            return case["id"] in _viewed(reader)
        case _:
            raise AssertionError(view)


def _viewed(reader: Reader) -> dict[UUID, datetime]:
    rows = reader.rows.all("cases.case_viewings", user_id=reader.person.id)
    return {row["case_id"]: row["viewed_at"] for row in rows}


def _page(reader: Reader, found: Sequence[Row], view: str, page: dict[str, Any]) -> Any:
    order = page.pop("orderBy", None)
    found = [each for each in found if is_visible(reader, each) and _in_view(reader, each, view)]
    viewed = _viewed(reader)

    def place(case: Row) -> Any:
        if order is not None:
            return (_ordered_by(reader, case, order["field"]), case["id"])
        moment = viewed[case["id"]] if view == "RECENTLY_VIEWED" else _updated_at(reader, case)
        return (moment, case["id"])

    descending = order is None or order["direction"] == "DESC"
    return connection("Case", sorted(found, key=place, reverse=descending), **page)


def _ordered_by(reader: Reader, case: Row, field: str) -> Any:
    match field:
        case "CREATED_AT":
            return case["created_at"]
        case "UPDATED_AT":
            return _updated_at(reader, case)
        case "NUMBER":
            return case["number"]
        case "IMPACT":
            return ["QUESTION", "REDUCED", "SEVERE", "PRODUCTION_DOWN"].index(case["impact"])
        case _:
            order = ["NEW", "OPEN", "PENDING_CUSTOMER", "ON_HOLD", "RESOLVED", "CLOSED"]
            return order.index(_status(reader, case))


@resolves("Query", "cases")
def cases(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any(*_READING):
        raise Denied
    return _page(reader, reader.rows.all("cases.cases"), view, page)


@resolves("Viewer", "cases")
def own_cases(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not reader.person.holds_any(*_READING):
        return None
    return _page(reader, reader.rows.all("cases.cases"), view, page)


@resolves("Account", "cases")
def account_cases(reader: Reader, row: Row, view: str, **page: Any) -> Any:
    if not any(reader.person.holds(each, row["id"]) for each in _READING):
        return None
    return _page(reader, reader.rows.all("cases.cases", account_id=row["id"]), view, page)


@resolves("Query", "case")
def case(reader: Reader, row: Row, number: str, **_: Any) -> Any:
    if not reader.person.holds_any(*_READING):
        raise Denied
    found = reader.rows.one("cases.cases", number=number)
    return Thing("Case", found) if found and is_visible(reader, found) else None


@resolves("Viewer", "unreadCaseCount")
def unread(reader: Reader, row: Row) -> Any:
    if not reader.person.holds_any(*_READING):
        return None
    viewed, me = _viewed(reader), reader.person.id
    shared = {each["case_id"] for each in reader.rows.all("cases.case_participants", user_id=me)}
    return sum(
        me in (each["requester_id"], each["assignee_id"]) or each["id"] in shared
        for each in reader.rows.all("cases.cases")
        if is_visible(reader, each)
        if each["id"] not in viewed or viewed[each["id"]] < _updated_at(reader, each)
    )


@resolves("Case", "status")
def status(reader: Reader, row: Row) -> Any:
    return _status(reader, row)


@resolves("Case", "updatedAt")
def updated_at(reader: Reader, row: Row) -> Any:
    return _updated_at(reader, row).isoformat().replace("+00:00", "Z")


@resolves("Case", "severity")
def severity(reader: Reader, row: Row) -> Any:
    if not _works_on_cases(reader):
        raise Denied
    return row["severity"]


@resolves("Case", "account")
def case_account(reader: Reader, row: Row) -> Any:
    return the_account(reader, row["account_id"])


@resolves("Case", "requester")
def requester(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["requester_id"])


@resolves("Case", "assignee")
def assignee(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["assignee_id"])


@resolves("Case", "participants")
def participants(reader: Reader, row: Row) -> Any:
    found = reader.rows.all("cases.case_participants", case_id=row["id"])
    ordered = sorted(found, key=lambda each: (each["created_at"], each["user_id"]))
    return things("CaseParticipant", ordered)


@resolves("CaseParticipant", "user")
def participant_user(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["user_id"])


@resolves("Case", "productKey")
def product_key(reader: Reader, row: Row) -> Any:
    return key_if_visible(reader, row["product_key_id"]) if row["product_key_id"] else None


@resolves("Case", "deployment")
def deployment(reader: Reader, row: Row) -> Any:
    return deployment_if_visible(reader, row["deployment_id"]) if row["deployment_id"] else None


@resolves("Case", "viewerCan")
def viewer_can(reader: Reader, row: Row) -> Any:
    person, staff = reader.person, _works_on_cases(reader)
    writes = staff or any(
        person.holds(each, row["account_id"]) for each in ("CASE_CREATE", "CASE_CREATE_SERVICE")
    )
    owns = row["requester_id"] == person.id or person.holds("CASE_READ_ALL", row["account_id"])
    if staff:
        owns = row["queue"] in person.queues
    share = reader.rows.one("cases.case_participants", case_id=row["id"], user_id=person.id)
    comments = owns or (share is not None and share["access"] == "COMMENT")
    return {
        "edit": writes and owns and row["status"] != "CLOSED",
        "comment": writes and comments,
        "upload": writes and comments,
        "share": writes and owns,
        "resolve": writes and owns and row["status"] not in _ENDED,
    }


@resolves("Case", "comments")
def comments(reader: Reader, row: Row, **page: Any) -> Any:
    return connection("CaseComment", _said(reader, "cases.case_comments", row), **page)


@resolves("Case", "files")
def files(reader: Reader, row: Row, **page: Any) -> Any:
    return connection("CaseFile", _said(reader, "cases.case_files", row), **page)


def _said(reader: Reader, table: str, case: Row) -> list[Row]:
    found = [
        each
        for each in reader.rows.all(table, case_id=case["id"])
        if _works_on_cases(reader) or not each["internal"]
    ]
    return sorted(found, key=lambda each: (each["created_at"], each["id"]))


@resolves("CaseComment", "author")
def author(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["author_id"])


@resolves("CaseComment", "files")
def comment_files(reader: Reader, row: Row) -> Any:
    found = reader.rows.all("cases.case_files", comment_id=row["id"])
    return things("CaseFile", sorted(found, key=lambda each: (each["created_at"], each["id"])))


@resolves("CaseFile", "uploadedBy")
def uploaded_by(reader: Reader, row: Row) -> Any:
    return the_user(reader, row["uploaded_by_id"])


@resolves("CaseFile", "size")
def size(reader: Reader, row: Row) -> Any:
    return str(row["size"])


@resolves("CaseFile", "downloadUrl")
def download_url(reader: Reader, row: Row) -> Any:
    return "…" if row["state"] == "READY" else None


@resolves("Case", "sla")
def sla(reader: Reader, row: Row) -> Any:
    if row["status"] in _ENDED:
        return None
    waits = row["paused_at"] is not None
    answered = row["first_responded_at"] is not None
    return {
        "first_response_due_at": None if waits or answered else row["first_response_due_at"],
        "next_update_due_at": None if waits else row["next_update_due_at"],
        "breached": row["due_at"] is not None and row["due_at"] <= reader.now,
    }


@resolves("Query", "caseStats")
def case_stats(reader: Reader, row: Row, groupBy: list[str], **_: Any) -> Any:
    if not reader.person.holds_any("AGGREGATE_READ", "STAFF_CASE"):
        raise Denied
    groups: dict[tuple[str, ...], list[Row]] = {}
    for each in reader.rows.all("cases.cases"):
        open_or_asked = each["status"] not in _ENDED or "STATUS" in groupBy
        if open_or_asked and _is_counted(reader, each):
            key = tuple(_word(reader, each, dimension) for dimension in groupBy)
            groups.setdefault(key, []).append(each)
    sizes = Counter({key: len(each) for key, each in groups.items()})
    ordered = sorted(groups, key=lambda key: (-sizes[key], key))
    return [
        {
            "key": list(key),
            "count": sizes[key],
            "sla_breached": sum(_is_late(reader, each) for each in groups[key]),
            "oldest_at": min(each["created_at"] for each in groups[key]),
        }
        for key in ordered
        if sizes[key] >= _SMALLEST or all(_is_read(reader, each) for each in groups[key])
    ]


def _is_read(reader: Reader, case: Row) -> bool:
    return _works_on_cases(reader) or reader.person.holds("CASE_READ_ALL", case["account_id"])


def _is_counted(reader: Reader, case: Row) -> bool:
    if _works_on_cases(reader):
        return case["queue"] in reader.person.queues
    return reader.person.holds("AGGREGATE_READ", case["account_id"])


def _is_late(reader: Reader, case: Row) -> bool:
    return case["due_at"] is not None and case["due_at"] <= reader.now


def _word(reader: Reader, case: Row, dimension: str) -> str:
    match dimension:
        case "QUEUE":
            return str(case["queue"])
        case "IMPACT":
            return str(case["impact"])
        case "STATUS":
            return _status(reader, case)
        case "ASSIGNEE":
            return to_global("user", case["assignee_id"]) if case["assignee_id"] else "NONE"
        case "AGE_BUCKET":
            days = (reader.now - case["created_at"]).days
            bounds = ((1, "0-1"), (3, "2-3"), (7, "4-7"), (30, "8-30"))
            return next((name for most, name in bounds if days <= most), "31+")
        case "SLA_STATE":
            if _is_late(reader, case):
                return "BREACHED"
            if case["due_at"] is not None:
                return "ON_TRACK"
            return "PAUSED" if case["status"] == "PENDING_CUSTOMER" else "STOPPED"
        case _:
            raise AssertionError(dimension)
