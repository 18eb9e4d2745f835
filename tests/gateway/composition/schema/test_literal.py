"""Constant values read and written."""

import pytest
from graphql import parse_value

from gateway.composition.schema.literal import EnumLiteral, Literal, read_literal, write_literal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("-3", -3),
        ("2.5", 2.5),
        ('"a \\"b\\" \\\\ é\\n"', 'a "b" \\ é\n'),
        ("RED", EnumLiteral("RED")),
        ("[1, [RED], []]", (1, (EnumLiteral("RED"),), ())),
        ('{a: 1, b: {c: "x"}}', {"a": 1, "b": {"c": "x"}}),
    ],
)
def test_a_value_is_written_as_it_was_read(text: str, value: Literal) -> None:
    read = read_literal(parse_value(text))

    assert read == value
    assert write_literal(read) == text


def test_a_block_string_is_a_string() -> None:
    read = read_literal(parse_value('"""\n  one\n  two\n"""'))

    assert write_literal(read) == '"one\\ntwo"'


def test_a_constant_holds_no_variable() -> None:
    with pytest.raises(ValueError, match="variable"):
        read_literal(parse_value("[$x]"))
