"""The sets of subgraphs show everything that subgraphs can share, and mostly compose."""

import pytest

from tests.fuzz.supergraphs import subgraph_set
from tests.support.parts import NoSuchWorld
from tests.support.universe import DoesNotCompose, Universe

_SETS = [subgraph_set(f"example.{number}") for number in range(200)]


def test_a_seed_gives_the_same_set_each_time() -> None:
    assert subgraph_set("1.2") == subgraph_set("1.2")
    assert subgraph_set("1.2") != subgraph_set("1.3")


@pytest.mark.parametrize(
    "text",
    [
        '@key(fields: "id code")',
        '@key(fields: "id meta { tag }")',
        '@key(fields: "parts { tag }")',
        '@key(fields: "code owner { id }")',
        " @inaccessible, ",
        "resolvable: false",
        "@shareable",
        '@requires(fields: "',
        "{ __typename ... on ",
        "(first: 2)",
        '@provides(fields: "',
        '@provides(fields: "... on',
        '@override(from: "s0")',
        'label: "early"',
        "@interfaceObject",
        'interface Node @key(fields: "id")',
        "@inaccessible",
        "union ",
        "type Mutation",
        "input Filter",
        "]]",
        ": Query",
    ],
)
def test_some_sets_have(text: str) -> None:
    assert any(text in sdl for subgraphs in _SETS for sdl in subgraphs.values())


def test_sets_have_two_to_five_subgraphs() -> None:
    assert {len(subgraphs) for subgraphs in _SETS} <= {1, 2, 3, 4, 5}


def test_most_sets_compose() -> None:
    made = sum(_composes(subgraphs) for subgraphs in _SETS[:40])

    assert made > 20


def _composes(subgraphs: dict[str, str]) -> bool:
    try:
        Universe(subgraphs)
    except (DoesNotCompose, NoSuchWorld):
        return False
    return True
