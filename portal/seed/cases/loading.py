"""Everything of cases, table by table."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from portal.seed.cases import rows
from portal.seed.cases.articles import articles
from portal.seed.cases.files import file_requests, files, uploads
from portal.seed.cases.rows import Targets
from portal.seed.cases.story import Story, last_number, stories, total
from portal.seed.copying import Copier, Row
from portal.seed.scale import Scale
from portal.seed.world import World
from services.cases.models import (
    AccountSupport,
    Article,
    Case,
    CaseComment,
    CaseEvent,
    CaseFile,
    CaseImpact,
    CaseParticipant,
    CaseRating,
    CaseViewing,
    FileRequest,
    Holiday,
    NotificationPreference,
    SupportPlan,
    Target,
    UploadSession,
    case_numbers,
)

_HOLIDAYS: Final = {(1, 1): "New Year’s Day", (5, 1): "Labour Day", (12, 25): "Christmas Day"}
#: Comments and events of a case, more or less: for the progress that is shown.
_PER_CASE: Final = 4


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Fill the empty database. The stories are told anew for each table: none is kept."""
    count, customers = total(world, scale), world.customers
    targets, holidays = await _targets(copier), frozenset(_holidays(world))
    await copier.rows(Holiday, _holiday_rows(world), len(holidays))
    await copier.rows(AccountSupport, _support(world), len(customers))
    await copier.rows(Article, articles(world), len(customers))

    def told() -> Iterator[Story]:
        return stories(world, scale)

    await copier.rows(Case, rows.cases(told(), targets, holidays), count)
    await copier.rows(CaseComment, rows.comments(told()), count * _PER_CASE)
    await copier.rows(CaseEvent, rows.events(told()), count * _PER_CASE)
    await copier.rows(CaseParticipant, rows.participants(told()), count)
    await copier.rows(CaseViewing, rows.viewings(told(), world), count)
    await copier.rows(CaseRating, rows.ratings(told()), count)
    await copier.rows(CaseFile, files(told()), count)
    await copier.rows(UploadSession, uploads(told(), world), count)
    await copier.rows(FileRequest, file_requests(told()), count)
    await copier.rows(NotificationPreference, _preferences(world), len(customers))
    await copier.connection.execute(
        "SELECT setval($1::regclass, $2)", case_numbers.name, last_number(world, scale)
    )


async def _targets(copier: Copier) -> Targets:
    found = await copier.connection.fetch("SELECT * FROM service_targets")
    return {
        (SupportPlan[row["plan"]], CaseImpact[row["impact"]]): Target(
            timedelta(minutes=row["first_response"]),
            timedelta(minutes=row["next_update"]),
            row["around_the_clock"],
        )
        for row in found
    }


def _holidays(world: World) -> Iterator[date]:
    for year in range(world.today.year - 2, world.today.year + 2):
        for month, day in _HOLIDAYS:
            yield date(year, month, day)


def _holiday_rows(world: World) -> Iterator[Row]:
    for day in _holidays(world):
        yield {"day": day, "name": _HOLIDAYS[day.month, day.day]}


def _support(world: World) -> Iterator[Row]:
    for customer in world.customers:
        yield {
            "account_id": customer.id,
            "plan": rows.plan_of(customer),
            "time_zone": customer.region.time_zone,
            "updated_at": customer.created_at,
        }


def _preferences(world: World) -> Iterator[Row]:
    """One person of each account wants no mail about comments."""
    for customer in world.customers:
        for person in customer.people()[-1:]:
            yield {
                "account_id": customer.id,
                "user_id": person.id,
                "on_comment": False,
                "on_status": True,
                "on_file_request": True,
                "updated_at": customer.created_at,
            }
