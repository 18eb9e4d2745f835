"""Hive's planner, asked once for everything."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphql import (
    REMOVE,
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    NameNode,
    VariableDefinitionNode,
    VariableNode,
    print_ast,
    visit,
)
from graphql.language import Visitor

from tests.gateway.planner.oracle.corpus import Federation, Question

_FOLDER: Final = Path(__file__).parents[3] / "oracles"
_SCRIPT: Final = "plan.mjs"
_DEADLINE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class HivePlan:
    """What of a plan of Hive's is compared: each request's subgraph, sorted, and the rounds."""

    requests: tuple[str, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class HiveRefusal:
    """Why Hive has no plan."""

    reason: str


HiveAnswer = HivePlan | HiveRefusal


def ask_hive(federations: Iterable[Federation]) -> dict[tuple[str, str], HiveAnswer]:
    """Hive's answers, by federation and question."""
    asked = list(federations)
    process = subprocess.run(
        ["node", _SCRIPT],
        cwd=_FOLDER,
        input=json.dumps([_asked(each) for each in asked]),
        capture_output=True,
        text=True,
        check=True,
        timeout=_DEADLINE_SECONDS,
    )
    return {
        (federation.name, question.name): _answer(answer)
        for federation, answers in zip(asked, json.loads(process.stdout), strict=True)
        for question, answer in zip(federation.questions, answers, strict=True)
    }


def _asked(federation: Federation) -> Mapping[str, Any]:
    return {
        "supergraph": federation.supergraph,
        "questions": [_question(each) for each in federation.questions],
    }


def _question(question: Question) -> Mapping[str, Any]:
    return {
        "text": print_ast(_decided(question)),
        "labels": sorted(question.labels),
        # A request that draws less than n is one for which percent(n) is active.
        "percentage": 0 if question.labels else 100,
    }


def _decided(question: Question) -> DocumentNode:
    """The document for these truths alone, so that Hive's plan need not serve the others."""
    decided: DocumentNode = visit(question.document, _Decide(question.truths))
    return decided


class _Decide(Visitor):
    def __init__(self, truths: Mapping[str, bool]) -> None:
        super().__init__()
        self._truths = truths

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return REMOVE if node.variable.name.value in self._truths else None

    def enter_directive(self, node: DirectiveNode, *_: Any) -> DirectiveNode | None:
        decides = node.arguments[0].value if node.arguments else None
        if node.name.value not in ("skip", "include") or not isinstance(decides, VariableNode):
            return None
        value = BooleanValueNode(value=self._truths[decides.name.value])
        argument = ArgumentNode(name=NameNode(value="if"), value=value)
        return DirectiveNode(name=node.name, arguments=(argument,))


def _answer(answer: Mapping[str, Any]) -> HiveAnswer:
    if "error" in answer:
        return HiveRefusal(answer["error"])
    return HivePlan(tuple(sorted(answer["requests"])), answer["rounds"])
