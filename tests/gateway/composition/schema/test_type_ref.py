"""Which type may stand in for which."""

import pytest
from graphql import parse_type

from gateway.composition.schema.type_ref import (
    TypeRef,
    is_same_or_narrower,
    named_type,
    narrowest,
    read_type_ref,
    widest,
)


@pytest.mark.parametrize(
    ("one", "other", "is_narrower"),
    [
        ("Int", "Int", True),
        ("Int!", "Int", True),
        ("Int", "Int!", False),
        ("[Int!]!", "[Int]", True),
        ("[Int]", "Int", False),
        ("Int", "[Int]", False),
        ("Dog", "Animal", True),
        ("[Dog!]", "[Animal]", True),
        ("Animal", "Dog", False),
    ],
)
def test_a_type_is_narrower_than_what_it_may_stand_in_for(
    one: str, other: str, is_narrower: bool
) -> None:
    assert is_same_or_narrower(ref(one), ref(other), is_animal) is is_narrower


def test_the_widest_and_the_narrowest_are_among_the_types() -> None:
    refs = [ref("Dog!"), ref("Animal"), ref("Dog")]

    assert str(widest(refs, is_animal)) == "Animal"
    assert str(narrowest(refs, is_animal)) == "Dog!"


def test_types_that_differ_both_ways_have_neither() -> None:
    refs = [ref("[Int!]"), ref("[Int]!")]

    assert widest(refs, is_animal) is None
    assert narrowest(refs, is_animal) is None


def test_a_reference_reads_as_it_was_written() -> None:
    assert str(ref("[[Int!]]!")) == "[[Int!]]!"
    assert named_type(ref("[[Int!]]!")) == "Int"


def ref(text: str) -> TypeRef:
    return read_type_ref(parse_type(text))


def is_animal(name: str, of: str) -> bool:
    return (name, of) == ("Dog", "Animal")
