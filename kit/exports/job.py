"""The job behind an export: each service has a table of its own, with these columns."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, Index, Uuid, and_, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, MappedAsDataclass, declared_attr, mapped_column

from kit.contract import Capability, ExportFormat, JobState
from kit.database import array_of
from kit.ids import new_id
from kit.principal import Principal

_LONGEST_NAME: Final = 32


class ExportJob(MappedAsDataclass, kw_only=True):
    """A file that somebody asked for. `class KeyExport(ExportJob, Base, kw_only=True)` adds what
    the list depends on: filter, order, choices.

    `principal` is the requester as the gateway vouched for it (`Principal.encode`); it is dropped
    when the job ends. No `account_ids` means all accounts, which takes the capabilities everywhere.
    """

    #: What the requester must hold in each of the job's accounts, also when fetching the file.
    capability: ClassVar[Capability] = Capability.REPORT_EXPORT
    #: And what besides.
    besides: ClassVar[frozenset[Capability]] = frozenset()

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    requested_by_id: Mapped[UUID]
    account_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    principal: Mapped[str | None]
    format: Mapped[ExportFormat] = mapped_column(
        Enum(ExportFormat, native_enum=False, length=_LONGEST_NAME)
    )
    locale: Mapped[str] = mapped_column(default="en")
    state: Mapped[JobState] = mapped_column(
        Enum(JobState, native_enum=False, length=_LONGEST_NAME), default=JobState.QUEUED
    )
    attempt: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    row_count: Mapped[int | None] = mapped_column(default=None)
    object_key: Mapped[str | None] = mapped_column(default=None)
    #: An `ExportFailure`.
    error: Mapped[str | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=lambda: datetime.now(UTC))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """The queue is looked through every second."""
        return (Index(None, "state", "created_at"),)

    @classmethod
    def needed(cls) -> frozenset[Capability]:
        """All that the requester must hold."""
        return cls.besides | {cls.capability}

    @classmethod
    def visible_to(cls, principal: Principal) -> ColumnElement[bool]:
        """Whoever asked for it, for as long as they hold what it needs in all its accounts."""
        own = cls.requested_by_id == principal.id
        left = cls.needed() - principal.everywhere
        if not left:
            return own
        accounts = [account for account, held in principal.accounts.items() if left <= held]
        if not accounts:
            return false()
        named = func.cardinality(cls.account_ids) > 0
        return and_(own, named, cls.account_ids.contained_by(array_of(accounts)))
