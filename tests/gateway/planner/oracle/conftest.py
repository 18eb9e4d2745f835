"""What every test here looks at: all questions, planned by Hive and by us."""

import pytest

from tests.gateway.planner.oracle.comparison import Comparisons, compare
from tests.gateway.planner.oracle.corpus import federations


@pytest.fixture(scope="session")
def comparisons() -> Comparisons:
    """Every question's plans, by federation."""
    return compare(federations().values())
