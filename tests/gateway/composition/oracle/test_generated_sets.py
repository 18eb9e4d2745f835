"""Sets made by chance compose as the reference composes them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from tests.gateway.composition.oracle.composers import (
    Outcome,
    Reference,
    outcome_of,
    outcomes_of_references,
)
from tests.gateway.composition.oracle.drafts import Draft, DraftSet
from tests.gateway.composition.oracle.generated import GENERATED, generated_set

_ROUNDS: Final = 20


@pytest.mark.parametrize("seed", range(GENERATED))
def test_a_set_made_by_chance_composes_as_the_reference_composes_it(
    seed: int, generated_references: dict[str, dict[Reference, Outcome]]
) -> None:
    drafts = generated_set(seed)
    written = drafts.written()

    unlike = outcome_of(written.subgraphs).unlike(
        generated_references[written.name][Reference.APOLLO]
    )

    assert not unlike, _smallest(drafts, _with_differences)


def test_many_sets_made_by_chance_compose_and_many_do_not(
    generated_references: dict[str, dict[Reference, Outcome]],
) -> None:
    names = [generated_set(seed).name for seed in range(GENERATED)]

    refused = [name for name in names if generated_references[name][Reference.APOLLO].codes]

    assert GENERATED / 4 < len(refused) < GENERATED * 3 / 4


def test_a_set_that_differs_is_told_in_its_smallest_form() -> None:
    drafts = DraftSet(
        "three types",
        {"a": (Draft("type A", ("x: Int @tag", "y: Int")), Draft("type B", ("z: Int",)))},
    )

    smallest = _smallest(drafts, lambda sets: [one for one in sets if "x:" in str(one.subgraphs)])

    assert smallest.subgraphs == {"a": (Draft("type A", ("x: Int",)),)}


def _smallest(drafts: DraftSet, choose: Callable[[list[DraftSet]], list[DraftSet]]) -> DraftSet:
    """The set with everything left out that can be, so that it is still chosen."""
    for _ in range(_ROUNDS):
        smaller = [replace(one, name=str(at)) for at, one in enumerate(drafts.smaller())]
        chosen = choose(smaller)
        if not chosen:
            break
        drafts = min(chosen, key=lambda one: len(str(one.subgraphs)))
    return drafts


def _with_differences(sets: list[DraftSet]) -> list[DraftSet]:
    """Those that the reference composes otherwise."""
    references = outcomes_of_references([one.written() for one in sets], [Reference.APOLLO])
    return [
        one
        for one in sets
        if outcome_of(one.written().subgraphs).unlike(references[one.name][Reference.APOLLO])
    ]
