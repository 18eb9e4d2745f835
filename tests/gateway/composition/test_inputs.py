"""Input types and enums: what clients may send is what every subgraph takes."""

import pytest

from tests.support.composition import codes, composition_of, definition, supergraph_of


def test_an_input_type_has_the_fields_that_all_subgraphs_have() -> None:
    supergraph = supergraph_of(
        "type Query { q(i: I): Int @shareable } input I { a: Int! b: [Int!] = [1] c: Int }",
        "type Query { q(i: I): Int @shareable } input I { a: Int b: [Int!] = [1] d: Int }",
    )

    assert (
        definition(supergraph, "input I")
        == """\
input I
  @join__type(graph: A)
  @join__type(graph: B)
{
  a: Int! @join__field(graph: A, type: "Int!") @join__field(graph: B, type: "Int")
  b: [Int!] = [1]
}"""
    )


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("a: Int! b: Int", "b: Int", "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"),
        ("a: Int", "b: Int", "EMPTY_MERGED_INPUT_TYPE"),
        ("a: Int", "a: String", "FIELD_TYPE_MISMATCH"),
        ("a: Int = 1", "a: Int = 2", "INPUT_FIELD_DEFAULT_MISMATCH"),
    ],
)
def test_inputs_that_cannot_be_merged_are_refused(one: str, other: str, code: str) -> None:
    composition = composition_of(
        f"type Query {{ q(i: I): Int @shareable }} input I {{ {one} }}",
        f"type Query {{ q(i: I): Int @shareable }} input I {{ {other} }}",
    )

    assert codes(composition) == [code]


def test_an_enum_that_is_answered_has_all_values() -> None:
    supergraph = supergraph_of(
        "type Query { q: E @shareable } enum E { X Y }",
        "type Query { q: E @shareable } enum E { X Z }",
    )

    assert (
        definition(supergraph, "enum E")
        == """\
enum E
  @join__type(graph: A)
  @join__type(graph: B)
{
  X @join__enumValue(graph: A) @join__enumValue(graph: B)
  Y @join__enumValue(graph: A)
  Z @join__enumValue(graph: B)
}"""
    )


def test_an_enum_that_is_sent_has_the_common_values() -> None:
    supergraph = supergraph_of(
        "type Query { q(e: E): Int @shareable } enum E { X Y }",
        "type Query { q(e: E): Int @shareable } enum E { X Z }",
    )

    assert definition(supergraph, "enum E").endswith(
        "{\n  X @join__enumValue(graph: A) @join__enumValue(graph: B)\n}"
    )


def test_an_enum_that_is_sent_and_answered_is_the_same_everywhere() -> None:
    composition = composition_of(
        "type Query { q(e: E): E @shareable } enum E { X\n Y }",
        "type Query { q(e: E): E @shareable } enum E { X }",
    )

    [error] = composition.errors
    assert (error.code, error.subgraph, error.coordinate, error.line) == (
        "ENUM_VALUE_MISMATCH",
        "a",
        "E.Y",
        3,
    )


def test_a_hidden_value_may_be_missing_elsewhere() -> None:
    supergraph = supergraph_of(
        "type Query { q(e: E): E @shareable } enum E { X Y @inaccessible }",
        "type Query { q(e: E): E @shareable } enum E { X }",
    )

    assert "  Y @join__enumValue(graph: A) @inaccessible\n" in supergraph


def test_an_enum_of_which_nothing_can_be_sent_is_refused() -> None:
    composition = composition_of(
        "type Query { q(e: E): Int @shareable } enum E { X }",
        "type Query { q(e: E): Int @shareable } enum E { Y }",
    )

    assert codes(composition) == ["EMPTY_MERGED_ENUM_TYPE"]
