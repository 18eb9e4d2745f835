"""What a stream has told of, so that it tells what is news and nothing else."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases.repository.changes import Change

#: Cases that one stream remembers.
MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    at: datetime
    inside: bool


class Told:
    """Remembers when the cases were last changed that it knows; of the others, that nothing until
    `floor` is news. The oldest are forgotten first, and `floor` rises."""

    def __init__(
        self, floor: datetime, known: Mapping[UUID, datetime], *, most: int = MOST
    ) -> None:
        self._floor = floor
        self._most = most
        self._known: OrderedDict[UUID, _Known] = OrderedDict()
        for id, at in known.items():
            self._remember(id, _Known(at, inside=True))

    def is_news(self, change: Change) -> bool:
        """Whether to tell of it, which is remembered. Outside of its list a case is told of once:
        it has perhaps just left it."""
        id, known = change.case.id, self._known.get(change.case.id)
        was_outside = known is not None and not known.inside
        last = known.at if known is not None else self._floor
        if change.at <= last and not change.filed:
            return False
        self._remember(id, _Known(change.at, change.inside))
        return change.inside or not was_outside

    def forget(self, id: UUID) -> bool:
        """The case is out of sight; whether it was known."""
        return self._known.pop(id, None) is not None

    def _remember(self, id: UUID, known: _Known) -> None:
        self._known[id] = known
        self._known.move_to_end(id)
        if len(self._known) > self._most:
            _, oldest = self._known.popitem(last=False)
            self._floor = max(self._floor, oldest.at)
