"""Answers into one tree."""

from typing import Any

import pytest

from gateway.executor.failure import Failure
from gateway.executor.merge import Gaps, Tree, merge, objects_at, rename
from gateway.plan.fetch import Rename
from gateway.plan.path import Items, Key, OfType, Path

FAILURE = Failure("Down.", "SUBGRAPH_UNAVAILABLE", "b", beyond=("x",))


def merged(*answers: Tree) -> Tree:
    tree: Tree = {}
    for answer in answers:
        merge(tree, answer, {})
    return tree


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": [{"x": 1}, None]}, {"a": [{"y": 2}, None]}, {"a": [{"x": 1, "y": 2}, None]}),
        ({"a": [[{"x": 1}]]}, {"a": [[{"y": 2}]]}, {"a": [[{"x": 1, "y": 2}]]}),
        ({"a": [{"x": 1}]}, {"a": [{"y": 2}, {"y": 3}]}, {"a": [{"y": 2}, {"y": 3}]}),
        ({"a": [{"y": 2}, {"y": 3}]}, {"a": [{"x": 1}]}, {"a": [{"y": 2}, {"y": 3}]}),
        ({"a": 1}, {"a": None}, {"a": 1}),
        ({"a": None}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"__class__": {"x": 1}}, {"__class__": {"y": 2}}, {"__class__": {"x": 1, "y": 2}}),
    ],
)
def test_answers_grow_together(first: Tree, second: Tree, expected: Tree) -> None:
    assert merged(first, second) == expected


def test_what_lists_of_different_length_lack_is_explained() -> None:
    tree: Tree = {"a": [{"x": 1}, {"x": 2}]}
    gaps: Gaps = {}

    merge(tree, {"a": [{"y": 1}]}, gaps)

    assert {gaps[id(each)].code for each in tree["a"]} == {"SUBGRAPH_BAD_ANSWER"}


def test_what_failed_gives_way_to_what_another_subgraph_answered() -> None:
    assert merged({"a": FAILURE}, {"a": 1}) == {"a": 1}
    assert merged({"a": 1}, {"a": FAILURE}) == {"a": 1}


def test_an_object_that_only_some_subgraphs_answered_has_a_gap() -> None:
    late: Gaps = {}
    early: Gaps = {}
    answered: Any = [{"x": {"y": 1}}]

    merge({"a": answered}, {"a": FAILURE}, late)
    merge({"a": FAILURE}, {"a": answered}, early)

    assert late.keys() == early.keys() == {id(answered[0]), id(answered[0]["x"])}
    assert {gap.beyond for gap in late.values()} == {()}


def test_what_is_added_to_an_object_with_a_gap_has_it_too() -> None:
    added: Tree = {"z": 1}
    target: Tree = {"a": {}}
    gaps: Gaps = {}

    merge(target, {"a": FAILURE}, gaps)
    merge(target, {"a": {"b": added}}, gaps)

    assert id(added) in gaps


TREE: Tree = {
    "pets": [
        {"__typename": "Dog", "n": 1},
        None,
        {"__typename": "Cat", "n": 2},
        {"__typename": ["Dog"], "n": 3},
        FAILURE,
        7,
    ],
    "rows": [[{"n": 4}], [{"n": 5}]],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((Key("pets"), Items()), [1, 2, 3]),
        ((Key("pets"), Items(), OfType(frozenset({"Dog"}))), [1]),
        ((Key("rows"), Items(), Items()), [4, 5]),
        ((Key("rows"), Items()), []),
        ((Key("pets"), Key("n")), []),
        ((Key("none"), Items()), []),
    ],
)
def test_a_path_leads_to_objects_only(path: Path, found: list[int]) -> None:
    assert [each["n"] for each in objects_at(TREE, path)] == found


def test_a_renamed_key_is_found_under_its_name() -> None:
    answer = {"pets": [{"__typename": "Dog", "__pc1_n": 1}, {"__typename": "Cat", "n": 2}]}

    rename(answer, [Rename((Key("pets"), Items()), "__pc1_n", "n")])

    assert [each["n"] for each in answer["pets"]] == [1, 2]
