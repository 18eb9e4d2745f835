"""Runs Alembic over the tables of cases."""

from kit.migrations import run
from services.cases import models

run(models.Base.metadata)
