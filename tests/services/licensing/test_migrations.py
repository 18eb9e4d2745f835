"""The revisions make exactly the tables that the models describe."""

from kit.migrations import check
from services.licensing import models


def test_models_and_migrations_agree(licensing_url: str) -> None:
    assert models.Base.metadata.tables

    check("licensing", licensing_url)
