"""Trials in number: sets of subgraphs made by chance, and operations over each."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count, islice
from random import Random
from typing import Final

from tests.fuzz.guarding import somebody
from tests.fuzz.operations import operation
from tests.fuzz.reduction import Case, reduced
from tests.fuzz.supergraphs import subgraph_set
from tests.fuzz.trial import Difference, Invalid, Trial
from tests.support.parts import NoSuchWorld
from tests.support.universe import DoesNotCompose

_DOCUMENTS_PER_SET: Final = 50
_REDUCING_SECONDS: Final = 60.0

#: Ends the name of a set that has rules of authorization.
WITH_RULES: Final = "-rules"


@dataclass(frozen=True, slots=True)
class Finding:
    """A case that goes wrong. `seed` names its set of subgraphs."""

    seed: str
    case: Case
    difference: Difference


@dataclass(slots=True)
class Outcome:
    """What trials came to."""

    operations: int = 0
    sets: int = 0
    #: Sets that make no universe, and documents that are not valid.
    refused: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Count the other's trials too."""
        self.operations += other.operations
        self.sets += other.sets
        self.refused += other.refused
        self.differing += other.differing
        self.findings += other.findings


def campaign(seed: int, operations: int, jobs: int) -> Iterator[Outcome]:
    """The outcome of each set, until so many operations have run."""
    seeds = (f"{seed}.{number}{end}" for number in count() for end in ("", WITH_RULES))
    done = 0
    with ProcessPoolExecutor(jobs) as pool:
        while done < operations:
            for outcome in pool.map(run_set, islice(seeds, 4 * jobs)):
                done += outcome.operations
                yield outcome


def run_set(seed: str) -> Outcome:
    """Run operations over one set."""
    return asyncio.run(try_set(seed))


async def try_set(seed: str) -> Outcome:
    """Run operations over one set. One finding is kept of each way to go wrong."""
    outcome = Outcome()
    guarded = seed.endswith(WITH_RULES)
    subgraphs = subgraph_set(seed.removesuffix(WITH_RULES), guarded=guarded)
    chance = Random(f"operations {seed}")
    try:
        trial = Trial(subgraphs, trouble=chance.random() < 0.5)
    except (DoesNotCompose, NoSuchWorld) as error:
        outcome.refused[f"sets: {type(error).__name__}"] += 1
        return outcome
    outcome.sets += 1
    await try_operations(trial, chance, outcome, seed)
    return outcome


async def try_operations(trial: Trial, chance: Random, outcome: Outcome, seed: str) -> None:
    """Run operations made by chance over one universe."""
    found: dict[tuple[str, str], Finding] = {}
    for _ in range(_DOCUMENTS_PER_SET):
        for asked in operation(trial.universe.api_schema, trial.labels, chance):
            asked = replace(asked, held=somebody(chance)) if trial.rules else asked
            # A lost mutation changes what those after it give, so queries alone lose requests.
            lossy = (
                not (trial.trouble or trial.rules)
                and asked.text.startswith("query")
                and chance.random() < 0.4
            )
            faults = chance.randrange(10**6) if lossy else None
            try:
                difference = await trial.run(asked, faults)
            except Invalid:
                outcome.refused["documents"] += 1
                break
            outcome.operations += 1
            if difference is not None:
                outcome.differing += 1
                case = Case(trial.subgraphs, asked, trial.trouble, faults)
                found.setdefault(difference.way, Finding(seed, case, difference))
    outcome.findings.extend(found.values())


async def smallest(finding: Finding) -> Finding:
    """The smallest case found in a minute that goes wrong in the same way."""
    end = time.monotonic() + _REDUCING_SECONDS
    trial = lru_cache(1)(_trial)

    async def difference_of(case: Case) -> Difference | None:
        try:
            made = trial(tuple(case.subgraphs.items()), case.trouble)
            return await made.run(case.asked, case.faults)
        except (DoesNotCompose, NoSuchWorld, Invalid):
            return None
        except Exception:  # what is left of a document may break whatever reads it
            return None

    async def shows(case: Case) -> bool:
        if time.monotonic() > end:
            return False
        found = await difference_of(case)
        return found is not None and found.way == finding.difference.way

    case = await reduced(finding.case, shows)
    return Finding(finding.seed, case, await difference_of(case) or finding.difference)


def _trial(subgraphs: tuple[tuple[str, str], ...], trouble: bool) -> Trial:
    return Trial(dict(subgraphs), trouble=trouble)
