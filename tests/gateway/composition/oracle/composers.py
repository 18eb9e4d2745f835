"""Sets of subgraphs composed by us and by the composers of the field."""

import json
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLDeferDirective, print_schema

from gateway.composition import Subgraph, compose
from gateway.supergraph.reader import read_supergraph
from tests.gateway.composition.oracle.corpus import SubgraphSet
from tests.gateway.composition.oracle.facts import facts

_SCRIPT: Final = Path(__file__).parents[3] / "oracles" / "compose.mjs"
_SECONDS: Final = 115


class Reference(StrEnum):
    """A composer to compare with."""

    APOLLO = "apollo"
    GUILD = "guild"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The facts of a supergraph and of its API, or the codes of the errors."""

    supergraph: frozenset[str] = frozenset()
    api: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def unlike(self, other: "Outcome") -> list[str]:
        """What only one of the two says: ours with `+`, the other's with `-`."""
        ours = self.codes | {f"api {fact}" for fact in self.api} | self.supergraph
        others = other.codes | {f"api {fact}" for fact in other.api} | other.supergraph
        if self.codes or other.codes:
            ours, others = self.codes, other.codes
        return [
            *(f"+ {fact}" for fact in sorted(ours - others)),
            *(f"- {fact}" for fact in sorted(others - ours)),
        ]


def outcome_of(subgraphs: Mapping[str, str]) -> Outcome:
    """What our composition makes of it."""
    composition = compose(
        [Subgraph(name, f"http://{name}", sdl) for name, sdl in subgraphs.items()]
    )
    if composition.supergraph_sdl is None:
        return Outcome(codes=frozenset(error.code.value for error in composition.errors))
    api = read_supergraph(composition.supergraph_sdl).api_schema
    # The gateway's own word to its clients: no subgraph has it.
    api.directives = tuple(each for each in api.directives if each is not GraphQLDeferDirective)
    return Outcome(facts(composition.supergraph_sdl), facts(print_schema(api)))


def outcomes_of_references(
    sets: Sequence[SubgraphSet], references: Collection[Reference] = tuple(Reference)
) -> dict[str, dict[Reference, Outcome]]:
    """By the set's name. All sets go to one process."""
    asked = [
        {"name": one.name, "subgraphs": one.subgraphs, "composers": list(references)}
        for one in sets
    ]
    answer = subprocess.run(
        ["node", str(_SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
        timeout=_SECONDS,
    )
    return {
        one["name"]: {reference: _outcome(one[reference]) for reference in references}
        for one in json.loads(answer.stdout)
    }


def _outcome(result: Mapping[str, Any]) -> Outcome:
    if result["errors"]:
        return Outcome(codes=frozenset(_codes(result["errors"])))
    return Outcome(facts(result["supergraph"]), facts(result["api"]))


def _codes(errors: Iterable[Mapping[str, str]]) -> Iterable[str]:
    return (error["code"] for error in errors)
