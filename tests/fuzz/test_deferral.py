"""What is delivered in parts is the answer of one server that knows no parts."""

from dataclasses import replace
from random import Random

import pytest
from graphql import (
    ArgumentNode,
    DirectiveNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    StringValueNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import Visitor

from gateway.errors import DocumentError, LimitExceeded
from tests.fuzz.federated import Federated
from tests.fuzz.operations import Asked, operation
from tests.support.universe import Universe
from tests.support.universes import UNIVERSES

OPERATIONS = 40


class Deferring(Visitor):
    """Defers every other fragment, each under a label of its own."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance
        self._labels = 0

    def leave_inline_fragment(self, node: InlineFragmentNode, *_: object) -> InlineFragmentNode:
        return replace(node, directives=self._directives(node))

    def leave_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> FragmentSpreadNode:
        return replace(node, directives=self._directives(node))

    def _directives(
        self, node: InlineFragmentNode | FragmentSpreadNode
    ) -> tuple[DirectiveNode, ...]:
        known = tuple(node.directives or ())
        if self._chance.random() < 0.5:
            return known
        self._labels += 1
        label = ArgumentNode(
            name=NameNode(value="label"), value=StringValueNode(value=f"part{self._labels}")
        )
        return (*known, DirectiveNode(name=NameNode(value="defer"), arguments=(label,)))


def deferred(asked: Asked, chance: Random) -> Asked:
    """The same with fragments deferred."""
    document = visit(parse(asked.text, no_location=True), Deferring(chance))
    return Asked(print_ast(document), asked.variables, asked.labels)


async def delivered(federated: Federated, asked: Asked) -> object:
    """The data put together, or the same as one server's where the document is refused."""
    try:
        answer = await federated.delivered(asked)
    except (DocumentError, LimitExceeded):
        return None
    assert answer.errors == []
    return answer.data


@pytest.mark.parametrize("name", UNIVERSES)
async def test_the_parts_are_the_whole(name: str) -> None:
    universe = Universe(UNIVERSES[name])
    federated = Federated(universe)
    chance = Random(f"deferral {name}")
    compared = 0

    for _ in range(OPERATIONS):
        for asked in operation(universe.api_schema, (), chance):
            expected = universe.answer(asked.text, asked.variables).data
            found = await delivered(federated, deferred(asked, chance))
            compared += found is not None
            assert found in (None, expected), asked.text

    assert compared
