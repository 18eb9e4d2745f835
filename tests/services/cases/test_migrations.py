"""The revisions make exactly the tables that the models describe."""

from sqlalchemy import func, select

from kit.database import Database
from kit.migrations import check
from services.cases import models


def test_models_and_migrations_agree(cases_url: str) -> None:
    assert models.Base.metadata.tables

    check("cases", cases_url)


async def test_every_plan_promises_something_for_every_impact(cases: Database) -> None:
    async with cases.system() as session:
        count = await session.scalar(select(func.count()).select_from(models.ServiceTarget))

    assert count == len(models.SupportPlan) * len(models.CaseImpact)
