"""The revisions make exactly the tables that the models describe."""

from kit.migrations import check
from services.identity import models


def test_models_and_migrations_agree(identity_url: str) -> None:
    assert models.Base.metadata.tables

    check("identity", identity_url)
