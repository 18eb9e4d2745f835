"""`python -m tests.fuzz`: compare the gateway with one server, over subgraphs made by chance."""

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter
from typing import Final

from tests.fuzz.campaign import Outcome, campaign, run_set, smallest
from tests.fuzz.report import finding, summary

#: Of findings that go wrong in the same way, so many are made small and shown.
_SHOWN: Final = 2
#: Between two lines that tell how far it is.
_SECONDS: Final = 60.0


def main() -> int:
    """1 if any answer differs. `--only` repeats one set of subgraphs by its name."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--operations", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", metavar="SEED.SET")
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # lost requests are logged by the thousand
    started = told = time.monotonic()
    total = Outcome()
    known: Counter[tuple[str, str]] = Counter()
    outcomes = (
        [run_set(given.only)] if given.only else campaign(given.seed, given.operations, given.jobs)
    )
    for outcome in outcomes:
        total.add(outcome)
        if time.monotonic() > told + _SECONDS:
            told = time.monotonic()
            print(summary(total), flush=True)
        for each in outcome.findings:
            known[each.difference.way] += 1
            if known[each.difference.way] <= _SHOWN:
                print(finding(asyncio.run(smallest(each))), flush=True)
    for (kind, sort), number in sorted(known.items()):
        print(f"{number} sets in which {kind} ({sort})")
    print(f"{summary(total)}, in {time.monotonic() - started:.0f} s")
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
