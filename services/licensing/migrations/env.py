"""Runs Alembic over licensing's tables."""

from kit.migrations import run
from services.licensing import models

run(models.Base.metadata)
