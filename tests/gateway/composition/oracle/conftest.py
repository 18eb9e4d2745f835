"""What the composers of the field make of all sets, asked once."""

import pytest

from tests.gateway.composition.oracle.composers import (
    Outcome,
    Reference,
    outcomes_of_references,
)
from tests.gateway.composition.oracle.corpus import kept_sets
from tests.gateway.composition.oracle.generated import GENERATED, generated_set

Outcomes = dict[str, dict[Reference, Outcome]]


@pytest.fixture(scope="session")
def references() -> Outcomes:
    """The references' outcomes of the kept sets, by name."""
    return outcomes_of_references(kept_sets())


@pytest.fixture(scope="session")
def generated_references() -> Outcomes:
    """Apollo's outcomes of the generated sets, by name."""
    generated = [generated_set(seed).written() for seed in range(GENERATED)]
    return outcomes_of_references(generated, [Reference.APOLLO])
