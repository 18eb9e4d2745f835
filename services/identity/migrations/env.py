"""Runs Alembic over identity's tables."""

from kit.migrations import run
from services.identity import models

run(models.Base.metadata)
