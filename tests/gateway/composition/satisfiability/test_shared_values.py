"""Values that several subgraphs resolve, each with the types that it knows."""

from tests.support.composition import codes, composition_of, sdl_of

A_OR_B = """
type Query { media: Media @shareable }
union Media = A | B
type A @shareable { x: Int }
type B { y: Int @shareable }
"""


def test_no_type_in_common_is_refused() -> None:
    composition = composition_of(
        "type Query { media: Media @shareable } union Media = C type C { z: Int }", A_OR_B
    )

    [error] = composition.errors
    assert codes(composition) == ["SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"]
    assert error.coordinate == "Query.media"
    assert (
        error.message
        == """\
For the following supergraph API query:
{
  media {
    ...
  }
}
Shared field "Query.media" return type "Media" has a non-intersecting set of possible runtime \
types across subgraphs. Runtime types in subgraphs are:
 - in subgraph "a", type "C";
 - in subgraph "b", types "A" and "B".
This is not allowed as shared fields must resolve the same way in all subgraphs, and that implies \
at least some common runtime types between the subgraphs."""
    )


def test_some_types_in_common_are_hinted_at() -> None:
    composition = composition_of(
        A_OR_B,
        "type Query { media: Media @shareable } union Media = A type A @shareable { x: Int }",
    )

    [hint] = [hint for hint in composition.hints if hint.coordinate == "Query.media"]
    assert hint.code == "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
    assert 'in subgraph "a", types "A" and "B";\n - in subgraph "b", type "A".' in hint.message


def test_a_type_that_one_of_them_does_not_know_is_asked_of_nobody() -> None:
    composition = composition_of(
        A_OR_B,
        "type Query { media: Media @shareable } union Media = A type A @shareable { x: Int }"
        " type B { y: Int @shareable z: Int }",
    )

    assert sdl_of(composition)


def test_the_same_types_everywhere_are_no_matter() -> None:
    composition = composition_of(A_OR_B, A_OR_B)

    assert composition.hints == ()
