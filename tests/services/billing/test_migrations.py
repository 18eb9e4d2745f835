"""The revisions make exactly the tables that the models describe."""

from kit.migrations import check
from services.billing import models


def test_models_and_migrations_agree(billing_url: str) -> None:
    assert models.Base.metadata.tables

    check("billing", billing_url)
