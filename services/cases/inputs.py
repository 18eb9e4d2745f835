"""What clients pass in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

import strawberry

from kit.columns import plain
from kit.contract import SortDirection
from kit.errors import BadInput, NotFound
from kit.ids import from_global
from services.cases.commenting import NewComment
from services.cases.editing import Edit
from services.cases.errors import EmptyText, InvalidSize, TextTooLong
from services.cases.models import CaseImpact, CaseQueue, CaseStatus
from services.cases.opening import NewCase
from services.cases.repository.query import (
    CaseOrderField,
    CaseOrdering,
    CaseQuery,
    CaseSelection,
    CaseView,
)
from services.cases.triage import To, Triage
from services.cases.uploads.addresses import UPLOAD_PREFIX
from services.cases.uploads.starting import NewFile

#: No thing has this id: UUIDs of version 7 are never all ones.
_NOTHING: Final = UUID(int=(1 << 128) - 1)

#: The longest texts, in characters.
_SUBJECT: Final = 255
_BODY: Final = 65_536
_WORDS: Final = 100
_SEARCH: Final = 200

T = TypeVar("T", UUID, CaseStatus, CaseImpact)


class SearchTooLong(BadInput):
    """Nobody looks for this much."""

    def __init__(self) -> None:
        super().__init__(f"A search has at most {_SEARCH} characters.")


@strawberry.input
class CaseFilter:
    """Cases that match all that is given."""

    account_ids: list[strawberry.ID] | None = None
    status: list[CaseStatus] | None = None
    queue: CaseQueue | None = None
    impact: list[CaseImpact] | None = None
    product_key_id: strawberry.ID | None = None
    search: str | None = None
    created_after: datetime | None = None
    sla_breached: bool | None = None


@strawberry.input
class CaseOrder:
    """The order of a list."""

    field: CaseOrderField
    direction: SortDirection = SortDirection.DESC


@strawberry.input
class CreateCaseInput:
    """A question to a desk, and what it is about."""

    account_id: strawberry.ID
    queue: CaseQueue
    subject: str
    description: str
    impact: CaseImpact
    type: str | None = None
    type_detail: str | None = None
    product_version: str | None = None
    product_key_id: strawberry.ID | None = None
    deployment_id: strawberry.ID | None = None
    invoice_id: strawberry.ID | None = None
    upload_ids: list[strawberry.ID] | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class AddCommentInput:
    """A contribution to a case, with what was uploaded for it."""

    case_id: strawberry.ID
    body: str
    internal: bool | None = False
    upload_ids: list[strawberry.ID] | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class UpdateCaseInput:
    """What is to be different: what is left out stays as it is. `expectedVersion` is of the case
    as the caller saw it."""

    case_id: strawberry.ID
    subject: str | None = None
    description: str | None = None
    impact: CaseImpact | None = None
    product_version: str | None = None
    expected_version: int


@strawberry.input
class TriageCaseInput:
    """What is to be different: what is left out stays as it is; a null assignee or severity takes
    it away. `expectedVersion` is of the case as the caller saw it."""

    case_id: strawberry.ID
    assignee_id: strawberry.ID | None = strawberry.UNSET
    queue: CaseQueue | None = None
    severity: int | None = strawberry.UNSET
    status: CaseStatus | None = None
    expected_version: int


@strawberry.input
class StartUploadInput:
    """A file for a case. `size` is in bytes, `sha256` in hexadecimal: with it, what arrives must
    be just that."""

    case_id: strawberry.ID
    file_name: str
    size: Decimal
    sha256: str | None = None
    idempotency_key: strawberry.ID


def case_query(
    view: CaseView | None, filter: CaseFilter | None, order: CaseOrder | None
) -> CaseQuery:
    """A list as the repository takes it."""
    ordering = CaseOrdering(order.field, order.direction) if order is not None else None
    return CaseQuery(view or CaseView.ALL_OPEN, case_selection(filter), ordering)


def case_selection(filter: CaseFilter | None) -> CaseSelection:
    """The filter as the repository takes it. An id that names nothing finds nothing.

    Raises `SearchTooLong`.
    """
    if filter is None:
        return CaseSelection()
    accounts = filter.account_ids
    return CaseSelection(
        account_ids=_sorted(_id("acc", id) for id in accounts) if accounts is not None else None,
        status=_sorted(filter.status) if filter.status is not None else None,
        queue=filter.queue,
        impact=_sorted(filter.impact) if filter.impact is not None else None,
        product_key_id=_id("key", filter.product_key_id) if filter.product_key_id else None,
        search=_search(filter.search) if filter.search is not None else None,
        created_after=filter.created_after,
        breached=filter.sla_breached,
    )


def new_case(input: CreateCaseInput) -> NewCase:
    """What is asked for. Raises `NotFound`, `EmptyText` and `TextTooLong`."""
    return NewCase(
        account_id=_existing("acc", input.account_id, "accountId"),
        queue=input.queue,
        subject=_text(input.subject, "subject", _SUBJECT),
        description=_text(input.description, "description", _BODY),
        impact=input.impact,
        type=_words(input.type, "type"),
        type_detail=_words(input.type_detail, "typeDetail"),
        product_version=_words(input.product_version, "productVersion"),
        product_key_id=_perhaps("key", input.product_key_id, "productKeyId"),
        deployment_id=_perhaps("dep", input.deployment_id, "deploymentId"),
        invoice_id=_perhaps("inv", input.invoice_id, "invoiceId"),
        upload_ids=_uploads(input.upload_ids),
    )


def new_comment(input: AddCommentInput) -> NewComment:
    """What is said. Raises `NotFound`, `EmptyText` and `TextTooLong`."""
    return NewComment(
        case_id=_existing("case", input.case_id, "caseId"),
        body=_text(input.body, "body", _BODY),
        internal=bool(input.internal),
        upload_ids=_uploads(input.upload_ids),
    )


def edit(input: UpdateCaseInput) -> Edit:
    """What is to be different. Raises `NotFound`, `EmptyText` and `TextTooLong`."""
    subject, description, version = input.subject, input.description, input.product_version
    return Edit(
        case_id=case_id(input.case_id),
        expected_version=input.expected_version,
        subject=_text(subject, "subject", _SUBJECT) if subject is not None else None,
        description=_text(description, "description", _BODY) if description is not None else None,
        impact=input.impact,
        product_version=(_words(version, "productVersion") or "") if version is not None else None,
    )


def triage(input: TriageCaseInput) -> Triage:
    """How a case is to be sorted. Raises `NotFound`."""
    assignee, severity = input.assignee_id, input.severity
    return Triage(
        case_id=case_id(input.case_id),
        expected_version=input.expected_version,
        assignee_id=None
        if assignee is strawberry.UNSET
        else To(_perhaps("user", assignee, "assigneeId")),
        queue=input.queue,
        severity=None if severity is strawberry.UNSET else To(severity),
        status=input.status,
    )


def case_id(text: str) -> UUID:
    """The case that is meant. Raises `NotFound`."""
    return _existing("case", text, "caseId")


def user_id(text: str) -> UUID:
    """The person who is meant. Raises `NotFound`."""
    return _existing("user", text, "userId")


def article_id(text: str) -> UUID:
    """The article that is meant. Raises `NotFound`."""
    return _existing("art", text, "articleId")


def said(text: str, name: str) -> str:
    """What somebody says in so many words. Raises `EmptyText` and `TextTooLong`."""
    return _text(text, name, _BODY)


def perhaps_said(text: str | None, name: str) -> str | None:
    """As `said`; None where there is nothing but spaces. Raises `TextTooLong`."""
    return _text(text, name, _BODY) if text and plain(text).strip() else None


def new_file(input: StartUploadInput) -> NewFile:
    """What is announced. Raises `NotFound` and `InvalidSize`."""
    size = input.size
    if not size.is_finite() or size < 0 or size != size.to_integral_value():
        raise InvalidSize(path=("size",))
    return NewFile(
        name=input.file_name,
        size=int(size),
        sha256=input.sha256,
        case_id=_existing("case", input.case_id, "caseId"),
    )


def _uploads(ids: Sequence[str] | None) -> list[UUID]:
    return [_existing(UPLOAD_PREFIX, id, "uploadIds") for id in ids or ()]


def _search(text: str) -> str:
    if len(text) > _SEARCH:
        raise SearchTooLong
    return plain(text)


def _id(prefix: str, text: str) -> UUID:
    return from_global(prefix, text) or _NOTHING


def _sorted(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(set(values)))


def _existing(prefix: str, text: str, name: str) -> UUID:
    id = from_global(prefix, text)
    if id is None:
        raise NotFound(path=(name,))
    return id


def _perhaps(prefix: str, text: str | None, name: str) -> UUID | None:
    return _existing(prefix, text, name) if text is not None else None


def _text(text: str, name: str, most: int) -> str:
    cleaned = plain(text).strip()
    if not cleaned:
        raise EmptyText(path=(name,))
    if len(cleaned) > most:
        raise TextTooLong(path=(name,), most=most)
    return cleaned


def _words(text: str | None, name: str) -> str | None:
    return _text(text, name, _WORDS) if text and text.strip() else None
