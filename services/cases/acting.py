"""Doing something to a case: what happened is told in its history, and counted as a change for
those who may know of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import VersionConflict
from kit.principal import Principal
from services.cases.models import Case, CaseEvent, CaseEventKind, is_staff


class Act:
    """Somebody does something to a case at some moment; nobody does, when a period ends by
    itself. The case is locked, and changed once the act is concluded."""

    def __init__(
        self, session: AsyncSession, case: Case, actor_id: UUID | None, now: datetime
    ) -> None:
        self.session: Final = session
        self.case: Final = case
        self.actor_id: Final = actor_id
        self.now: Final = now
        self._noticed = self._hidden = False

    def happened(
        self,
        kind: CaseEventKind,
        before: str | None = None,
        after: str | None = None,
        *,
        staff_only: bool = False,
    ) -> None:
        """Tell of it in the history: everyone, or the staff only."""
        if staff_only:
            self._hidden = True
        else:
            self._noticed = True
        self.session.add(
            CaseEvent(
                account_id=self.case.account_id,
                case_id=self.case.id,
                at=self.now,
                actor_id=self.actor_id,
                kind=kind.name,
                before=before,
                after=after,
                staff_only=staff_only,
            )
        )

    def conclude(self) -> None:
        """Count the changes, for customers only those that they may notice."""
        if self._noticed:
            self.case.changed(self.now)
        if self._hidden:
            self.case.changed_among_staff(self.now)


def require_version(case: Case, principal: Principal, expected: int) -> None:
    """Raises `VersionConflict` when the case has changed since the caller read it, in a way that
    they may know of."""
    current = case.version_for(staff=is_staff(principal))
    if current != expected:
        raise VersionConflict(current)
