"""What the cases service announces. Notes have an event of their own: whoever tells customers
of comments never hears of one."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kit.outbox import Event


@dataclass(frozen=True)
class CaseCreated(Event):
    """A case was opened."""

    topic: ClassVar[str] = "cases.case-created"

    case_id: UUID
    account_id: UUID
    queue: str
    requester_id: UUID


@dataclass(frozen=True)
class CaseReopened(Event):
    """Work on a case that had ended goes on."""

    topic: ClassVar[str] = "cases.case-reopened"

    case_id: UUID
    account_id: UUID
    queue: str


@dataclass(frozen=True)
class CommentAdded(Event):
    """Something was said that everyone who sees the case may read: once for each comment."""

    topic: ClassVar[str] = "cases.comment-added"

    case_id: UUID
    account_id: UUID
    queue: str
    comment_id: UUID
    author_id: UUID
    by_staff: bool


@dataclass(frozen=True)
class StatusChanged(Event):
    """A case is in another state; `before` and `after` are `CaseStatus` by name, as customers
    read them: what they do not notice is announced as `CaseHandled`."""

    topic: ClassVar[str] = "cases.status-changed"

    case_id: UUID
    account_id: UUID
    queue: str
    actor_id: UUID | None
    before: str
    after: str


@dataclass(frozen=True)
class FilesRequested(Event):
    """Support asks for files; the comment, which is announced too, is where it says so."""

    topic: ClassVar[str] = "cases.files-requested"

    case_id: UUID
    account_id: UUID
    queue: str
    comment_id: UUID
    requested_by_id: UUID


@dataclass(frozen=True)
class CaseEdited(Event):
    """The customer's side or support has put the case in other words, or another impact."""

    topic: ClassVar[str] = "cases.case-edited"

    case_id: UUID
    account_id: UUID
    queue: str
    editor_id: UUID


@dataclass(frozen=True)
class CaseShared(Event):
    """A case was shared with a person, or for something else than before: a `CaseAccess` by
    name."""

    topic: ClassVar[str] = "cases.case-shared"

    case_id: UUID
    account_id: UUID
    queue: str
    user_id: UUID
    access: str
    shared_by_id: UUID


@dataclass(frozen=True)
class CaseUnshared(Event):
    """A case is not shared with a person any more."""

    topic: ClassVar[str] = "cases.case-unshared"

    case_id: UUID
    account_id: UUID
    queue: str
    user_id: UUID


@dataclass(frozen=True)
class CaseTriaged(Event):
    """A case has another queue or assignee."""

    topic: ClassVar[str] = "cases.case-triaged"

    case_id: UUID
    account_id: UUID
    queue: str
    assignee_id: UUID | None


@dataclass(frozen=True)
class CaseHandled(Event):
    """Something changed that customers do not notice: like notes, it is no account's affair."""

    topic: ClassVar[str] = "cases.case-handled"

    case_id: UUID
    queue: str


@dataclass(frozen=True)
class CaseRated(Event):
    """A person said how content they are, from 1 to 5: for the staff alone."""

    topic: ClassVar[str] = "cases.case-rated"

    case_id: UUID
    queue: str
    user_id: UUID
    score: int


@dataclass(frozen=True)
class ArticleRated(Event):
    """A person said whether an article has helped."""

    topic: ClassVar[str] = "cases.article-rated"

    article_id: UUID
    user_id: UUID
    helpful: bool


@dataclass(frozen=True)
class NoteAdded(Event):
    """The staff noted something."""

    topic: ClassVar[str] = "cases.note-added"

    case_id: UUID
    queue: str
    comment_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class FileArrived(Event):
    """A file is here, whole; nobody has looked into it yet."""

    topic: ClassVar[str] = "cases.file-arrived"

    case_id: UUID
    account_id: UUID
    queue: str
    file_id: UUID
    by_staff: bool


@dataclass(frozen=True)
class FileInspected(Event):
    """It is known what a file is: `state` is a `FileState`, `finding` a `Finding`, by name."""

    topic: ClassVar[str] = "cases.file-inspected"

    case_id: UUID | None
    account_id: UUID
    file_id: UUID
    uploaded_by_id: UUID
    state: str
    finding: str | None
