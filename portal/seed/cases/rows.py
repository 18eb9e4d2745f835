"""Stories as rows: cases, who shares them, what was said, what happened, and what came of it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kit.ids import to_global
from portal.seed.cases.story import Story
from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.world import Customer, World
from services.cases.clocks import Calendar, Promise, pause
from services.cases.models import (
    Case,
    CaseAccess,
    CaseEventKind,
    CaseImpact,
    CaseStatus,
    SupportPlan,
    Target,
)

#: The promises of each plan.
Targets = dict[tuple[SupportPlan, CaseImpact], Target]

_SHARED_EVERY: Final = 7
_RATED_EVERY: Final = 5
_LOOKED_AT: Final = 15


def plan_of(customer: Customer) -> SupportPlan:
    """What support an account has bought."""
    return list(SupportPlan)[customer.index % 3]


def cases(stories: Iterable[Story], targets: Targets, holidays: frozenset[date]) -> Iterator[Row]:
    """Each with its clocks as they stand."""
    calendars: dict[str, Calendar] = {}
    for story in stories:
        zone = story.customer.region.time_zone
        calendar = calendars.setdefault(zone, Calendar(ZoneInfo(zone), holidays))
        target = targets[plan_of(story.customer), story.impact]
        case = _case(story)
        if not story.has_ended:
            _wind(case, story, Promise(target, calendar))
        yield {column.name: getattr(case, column.name) for column in Case.__table__.columns}


def participants(stories: Iterable[Story]) -> Iterator[Row]:
    """Every seventh case is shared with a colleague, in turn to read and to comment."""
    for story in stories:
        colleague_id = _shared_with(story)
        if colleague_id is not None:
            yield {
                "case_id": story.id,
                "user_id": colleague_id,
                "account_id": story.customer.id,
                "access": list(CaseAccess)[story.index // _SHARED_EVERY % 2],
                "shared_by_id": story.requester.id,
                "created_at": story.created_at,
            }


def comments(stories: Iterable[Story]) -> Iterator[Row]:
    """Everything that was said, notes included."""
    for story in stories:
        for each in story.comments:
            yield {
                "id": each.id,
                "account_id": story.customer.id,
                "case_id": story.id,
                "author_id": each.author_id,
                "body": each.body,
                "internal": each.internal,
                "reopened": False,
                "created_at": each.at,
            }


def events(stories: Iterable[Story]) -> Iterator[Row]:
    """What happened: opened, answered, held, ended, reopened."""
    for story in stories:
        yield from _history(story)


def viewings(stories: Iterable[Story], world: World) -> Iterator[Row]:
    """Who is concerned has looked; at the latest cases everyone of the account has, every second
    one before the last change."""
    for story in stories:
        concerned = [story.requester.id, story.assignee_id, _shared_with(story)]
        latest = story.recent < _LOOKED_AT
        others = [each.id for each in story.customer.people()] if latest else []
        ids = dict.fromkeys(id for id in (*concerned, *others) if id is not None)
        for place, id in enumerate(ids):
            missed = latest and (place + story.recent) % 2
            yield {
                "user_id": id,
                "case_id": story.id,
                "account_id": story.customer.id,
                "viewed_at": story.created_at if missed else min(_soon(story), world.now),
            }


def ratings(stories: Iterable[Story]) -> Iterator[Row]:
    """Some say how content they are once their case is closed."""
    for story in stories:
        if story.status is CaseStatus.CLOSED and story.index % _RATED_EVERY == 0:
            score = 5 - (story.index // _RATED_EVERY) % 5
            yield {
                "case_id": story.id,
                "user_id": story.requester.id,
                "account_id": story.customer.id,
                "score": score,
                "remark": "It took too long." if score == 1 else None,
                "created_at": story.updated_at + timedelta(days=1),
                "updated_at": story.updated_at + timedelta(days=1),
            }


def _shared_with(story: Story) -> UUID | None:
    colleagues = [each.id for each in story.customer.people() if each.id != story.requester.id]
    if story.index % _SHARED_EVERY or not colleagues:
        return None
    return colleagues[story.index // _SHARED_EVERY % len(colleagues)]


def _soon(story: Story) -> datetime:
    return story.updated_at + timedelta(minutes=7)


def _case(story: Story) -> Case:
    closed = story.updated_at if story.status is CaseStatus.CLOSED else None
    key, deployment, invoice = story.product_key, story.deployment, story.invoice
    account = story.customer.index
    return Case(
        id=story.id,
        number=f"{story.number:08}",
        account_id=story.customer.id,
        requester_id=story.requester.id,
        queue=story.queue,
        status=story.status,
        impact=story.impact,
        severity=None if story.status is CaseStatus.NEW else 1 + story.index % 4,
        subject=story.subject,
        description=story.topic.description,
        type=story.topic.type,
        type_detail=story.topic.detail,
        product_version=f"202{4 + story.index % 3}.{1 + story.index % 4}",
        product_key_id=seeded_id("key", account, key) if key is not None else None,
        deployment_id=seeded_id("deployment", account, deployment)
        if deployment is not None
        else None,
        invoice_id=seeded_id("invoice", account, invoice) if invoice is not None else None,
        assignee_id=story.assignee_id,
        first_responded_at=story.answered_at,
        created_at=story.created_at,
        updated_at=story.updated_at,
        customer_updated_at=story.customer_updated_at,
        resolved_at=story.updated_at if story.has_ended else None,
        closed_at=closed,
        reopen_count=int(story.reopened),
        version=1 + sum(not each.internal for each in story.comments),
    )


def _wind(case: Case, story: Story, promise: Promise) -> None:
    promise.start(case, story.created_at)
    if story.answered_at is not None:
        promise.answered(case, story.customer_updated_at)
    if story.status is CaseStatus.PENDING_CUSTOMER:
        pause(case, story.customer_updated_at)


def _history(story: Story) -> Iterator[Row]:
    opened = CaseStatus.NEW.name
    yield _event(story, 0, story.created_at, story.requester.id, CaseEventKind.CREATED)
    if not story.comments or story.assignee_id is None:
        return
    first, last = story.comments[0].at, story.comments[-1].at
    staff_id, status = story.assignee_id, story.status.name
    assigned = to_global("user", staff_id)
    yield _event(story, 1, first, staff_id, CaseEventKind.ASSIGNED, after=assigned, staff_only=True)
    yield _event(story, 2, first, staff_id, CaseEventKind.STATUS_CHANGED, opened, "OPEN")
    if story.reopened:
        yield _event(story, 3, first, story.requester.id, CaseEventKind.REOPENED, "CLOSED", "OPEN")
    if story.status is not CaseStatus.OPEN:
        held = story.status is CaseStatus.ON_HOLD
        yield _event(
            story,
            *(4, last, staff_id, CaseEventKind.STATUS_CHANGED, "OPEN", status),
            staff_only=held,
        )


def _event(
    story: Story,
    place: int,
    at: Any,
    actor_id: Any,
    kind: CaseEventKind,
    before: str | None = None,
    after: str | None = None,
    *,
    staff_only: bool = False,
) -> Row:
    return {
        "id": seeded_id("case-event", story.customer.index, story.index, place, at=at),
        "account_id": story.customer.id,
        "case_id": story.id,
        "at": at,
        "actor_id": actor_id,
        "kind": kind.name,
        "before": before,
        "after": after,
        "staff_only": staff_only,
    }
