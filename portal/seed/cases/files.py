"""Files of cases in every state, and what support has asked for."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from portal.seed.cases.story import Story
from portal.seed.cases.texts import FILE_NAMES
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.world import World
from services.cases.models import CaseStatus, FileState

_EVERY: Final = 4
#: Bytes: from nothing to more than 32 bits can say.
_SIZES: Final = (0, 3_072, 48_213, 1_850_112, 2**31 - 1, 2**31, 5 * 2**30)


def files(stories: Iterable[Story]) -> Iterator[Row]:
    """Every fourth case has one: an earlier one is READY, the latest show every state."""
    for story in stories:
        if story.index % _EVERY == 0:
            yield _file(story)


def uploads(stories: Iterable[Story], world: World) -> Iterator[Row]:
    """Those that still go on, and those that nobody went on with."""
    for story in stories:
        state = _state(story)
        if story.index % _EVERY == 0 and state in (FileState.UPLOADING, FileState.ABANDONED):
            goes_on = state is FileState.UPLOADING
            yield {
                "id": seeded_id("upload", story.customer.index, story.index),
                "account_id": story.customer.id,
                "file_id": _file_id(story),
                "user_id": story.requester.id,
                "length": _size(story),
                "offset": _size(story) // 3,
                "expires_at": world.now + timedelta(days=1 if goes_on else -1),
                "finished_at": None,
                "created_at": story.created_at,
            }


def file_requests(stories: Iterable[Story]) -> Iterator[Row]:
    """Support waits for logs in every second case that waits for its customer."""
    for story in stories:
        if story.status is CaseStatus.PENDING_CUSTOMER and story.index % 2:
            asked = story.comments[-1]
            yield {
                "id": seeded_id("file-request", story.customer.index, story.index),
                "account_id": story.customer.id,
                "case_id": story.id,
                "comment_id": asked.id,
                "requested_by_id": asked.author_id,
                "what": "server.log",
                "fulfilled_at": None,
                "created_at": asked.at,
            }


def _file(story: Story) -> Row:
    state, id = _state(story), _file_id(story)
    arrived = state not in (FileState.UPLOADING, FileState.ABANDONED)
    scanned = state in (FileState.READY, FileState.QUARANTINED)
    first = next((each for each in story.comments if not each.by_staff), None)
    return {
        "id": id,
        "account_id": story.customer.id,
        "case_id": story.id,
        "comment_id": first.id if first is not None and arrived else None,
        "name": FILE_NAMES[story.index // _EVERY % len(FILE_NAMES)],
        "content_type": "application/octet-stream",
        "size": _size(story),
        "sha256": hashlib.sha256(id.bytes).hexdigest() if arrived else None,
        "state": state,
        "internal": False,
        "object_key": f"cases/{id}" if arrived else None,
        "uploaded_by_id": story.requester.id,
        "scanned_at": story.created_at if scanned else None,
        "created_at": first.at if first is not None else story.created_at,
    }


def _file_id(story: Story) -> UUID:
    return seeded_id("case-file", story.customer.index, story.index, at=story.created_at)


def _state(story: Story) -> FileState:
    latest = story.recent // _EVERY
    states = list(FileState)
    return states[latest] if latest < len(states) else FileState.READY


def _size(story: Story) -> int:
    return _SIZES[story.index // _EVERY % len(_SIZES)]
