"""Runs Alembic over billing's tables."""

from kit.migrations import run
from services.billing import models

run(models.Base.metadata)
