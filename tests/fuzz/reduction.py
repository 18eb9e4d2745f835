"""Making a case smaller that shows a difference: first its operation, then its subgraphs."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from tests.fuzz.edits import smaller
from tests.fuzz.operations import Asked


@dataclass(frozen=True, slots=True)
class Case:
    """An operation over subgraphs, and what goes wrong on the way."""

    subgraphs: Mapping[str, str]
    asked: Asked
    trouble: bool = False
    faults: int | None = None


#: Whether a case still shows the difference.
Shows = Callable[[Case], Awaitable[bool]]


async def reduced(case: Case, shows: Shows) -> Case:
    """A case that shows the difference and of which no single thing can be left out."""
    while True:
        before = case
        for candidates in (_operations, _variables, _subgraphs, _operations):
            case = await _reduced_by(candidates, case, shows)
        if case == before:
            return case


async def _reduced_by(
    candidates: Callable[[Case], Iterator[Case]], case: Case, shows: Shows
) -> Case:
    """Goes on where the last candidate was that could be had: what comes before is needed."""
    at = 0
    while True:
        for number, each in enumerate(islice(candidates(case), at, None), start=at):
            if await shows(each):
                case, at = each, number
                break
        else:
            return case


def _operations(case: Case) -> Iterator[Case]:
    for text in smaller(case.asked.text):
        yield replace(case, asked=replace(case.asked, text=text))


def _variables(case: Case) -> Iterator[Case]:
    given = case.asked.variables
    for name in given:
        left = {key: value for key, value in given.items() if key != name}
        yield replace(case, asked=replace(case.asked, variables=left))
    for label in case.asked.labels:
        yield replace(case, asked=replace(case.asked, labels=case.asked.labels - {label}))


def _subgraphs(case: Case) -> Iterator[Case]:
    for name in case.subgraphs:
        left = {key: sdl for key, sdl in case.subgraphs.items() if key != name}
        if left:
            yield replace(case, subgraphs=left)
    for name, sdl in case.subgraphs.items():
        for text in smaller(sdl):
            yield replace(case, subgraphs={**case.subgraphs, name: text})
