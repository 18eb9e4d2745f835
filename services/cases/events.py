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
