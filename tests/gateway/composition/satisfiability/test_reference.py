"""The same verdicts as the reference's composition, and at least its unreachable fields."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from gateway.composition import Subgraph, compose
from tests.gateway.composition.satisfiability.cases import CASES
from tests.gateway.composition.satisfiability.random_subgraphs import random_subgraphs
from tests.support.composition import FEDERATION

_SCRIPT: Final = Path(__file__).parents[3] / "oracles" / "compose.mjs"
_SEEDS: Final = range(120)
_CODES: Final = {"SATISFIABILITY_ERROR", "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"}
_HINT: Final = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
_OPERATION: Final = re.compile(r"query:\n(?P<operation>.*?)\n(?:cannot be|Shared field)", re.DOTALL)

SETS: Final[Mapping[str, Mapping[str, str]]] = {
    **{
        name: {key: f"{FEDERATION}\n{sdl}" for key, sdl in zip("abc", sdls, strict=False)}
        for name, sdls in CASES.items()
    },
    **{f"seed {seed}": random_subgraphs(seed) for seed in _SEEDS},
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ends` are the last fields or fragments of the operations that cannot be answered."""

    codes: frozenset[str]
    ends: frozenset[str]
    is_hinted: bool


@pytest.fixture(scope="module")
def reference() -> Mapping[str, Verdict]:
    sets = [{"name": name, "subgraphs": subgraphs} for name, subgraphs in SETS.items()]
    answer = subprocess.run(
        ["node", _SCRIPT], input=json.dumps(sets), capture_output=True, text=True, timeout=110
    )
    assert answer.returncode == 0, answer.stderr
    return {result["name"]: _told(result["apollo"]) for result in json.loads(answer.stdout)}


@pytest.mark.parametrize("name", CASES)
def test_cases_are_judged_as_by_the_reference(name: str, reference: Mapping[str, Verdict]) -> None:
    assert _ours(name) == reference[name]


def test_random_subgraphs_are_judged_as_by_the_reference(
    reference: Mapping[str, Verdict],
) -> None:
    judged = [f"seed {seed}" for seed in _SEEDS if reference[f"seed {seed}"].codes <= _CODES]
    verdicts = {name: _ours(name) for name in judged}

    assert len(judged) > len(_SEEDS) / 2
    assert {name: verdict.codes for name, verdict in verdicts.items()} == {
        name: reference[name].codes for name in judged
    }
    # Having seen a value in some subgraphs, the reference passes over it when it comes in more,
    # also if it got no further before: we tell what there is to tell below as well.
    assert [name for name in judged if not verdicts[name].ends >= reference[name].ends] == []


def _told(result: Mapping[str, Any]) -> Verdict:
    return Verdict(
        codes=frozenset(error["code"] for error in result["errors"]),
        ends=frozenset(_end(error["message"]) for error in result["errors"]),
        is_hinted=any(hint["code"] == _HINT for hint in result["hints"]),
    )


def _ours(name: str) -> Verdict:
    composition = compose([Subgraph(key, f"http://{key}", sdl) for key, sdl in SETS[name].items()])
    return Verdict(
        codes=frozenset(error.code.value for error in composition.errors),
        ends=frozenset(_end(error.message) for error in composition.errors),
        is_hinted=any(hint.code == _HINT for hint in composition.hints),
    )


def _end(message: str) -> str:
    """The last step of the operation in a message."""
    found = _OPERATION.search(message)
    lines = found["operation"].splitlines() if found else []
    steps = [line.strip(" {") for line in lines if line.strip() not in ("}", "...")]
    return steps[-1] if steps else ""
