"""Our composition of every kept set is that of the composers of the field, or differs knowingly."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.gateway.composition.oracle.composers import Outcome, Reference, outcome_of
from tests.gateway.composition.oracle.corpus import kept_sets
from tests.gateway.composition.oracle.differences import different_pairs

_SETS: Final = {one.name: one for one in kept_sets()}
_PAIRS: Final = {(name, reference) for name in _SETS for reference in Reference}
_DIFFERENT: Final = sorted(different_pairs())
_ALIKE: Final = sorted(_PAIRS - different_pairs())
_CODES: Final = Path(__file__).parents[3] / "oracles" / "codes.mjs"
#: The codes of what is no composition of subgraphs, and those that another error always precedes.
_NEVER_RAISED: Final = {
    "DOWNSTREAM_SERVICE_ERROR",
    "INVALID_FEDERATION_SUPERGRAPH",
    "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
    "UNKNOWN_LINK_VERSION",
    "UNSUPPORTED_FEATURE",
    "UNSUPPORTED_LINKED_FEATURE",
}


@pytest.mark.parametrize(("name", "reference"), _ALIKE)
def test_a_set_composes_as_the_reference_composes_it(
    name: str, reference: Reference, references: dict[str, dict[Reference, Outcome]]
) -> None:
    assert _ours(name).unlike(references[name][reference]) == []


@pytest.mark.parametrize(("name", "reference"), _DIFFERENT)
def test_a_difference_that_is_accounted_for_is_still_there(
    name: str, reference: Reference, references: dict[str, dict[Reference, Outcome]]
) -> None:
    assert _ours(name).unlike(references[name][reference]) != []


def test_every_code_of_the_reference_has_a_set_that_raises_it(
    references: dict[str, dict[Reference, Outcome]],
) -> None:
    known = set(json.loads(subprocess.check_output(["node", str(_CODES)], timeout=30)))

    raised = {code for name in _SETS for code in references[name][Reference.APOLLO].codes}

    assert known - raised == _NEVER_RAISED


@pytest.mark.parametrize("name", _SETS)
def test_the_order_of_subgraphs_changes_no_code(name: str) -> None:
    reversed_order = dict(reversed(list(_SETS[name].subgraphs.items())))

    assert outcome_of(reversed_order).codes == _ours(name).codes


def test_no_two_sets_have_one_name() -> None:
    names = [one.name for one in kept_sets()]

    assert len(names) == len(set(names))


@cache
def _ours(name: str) -> Outcome:
    return outcome_of(_SETS[name].subgraphs)
