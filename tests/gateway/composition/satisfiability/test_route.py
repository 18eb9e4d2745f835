"""Example operations."""

from tests.support.composition import composition_of

UNREACHABLE = "type T { id: ID! @shareable } extend type T { %s }"


def operation_to(field: str, *, root: str = "Query", types: str = "") -> str:
    """The example for a field of `Root.t` that no subgraph can be asked for."""
    composition = composition_of(
        f"type Query {{ n: Int }} extend type {root} {{ t: T }} type T {{ id: ID! @shareable }}",
        f"{UNREACHABLE % field} {types}",
    )
    [error] = composition.errors
    return error.message.partition("query:\n")[2].partition("\ncannot be satisfied")[0]


def test_required_arguments_are_given() -> None:
    operation = operation_to(
        "f(int: Int!, list: [Int!]!, kind: Kind!, name: Name!, of: Of!, at: Int! = 1, by: Of): Int",
        types="enum Kind { A B } scalar Name input Of { id: ID! on: Boolean! at: Float! by: Int }",
    )

    assert (
        operation
        == """\
{
  t {
    f(int: 0, list: [], kind: A, name: "A string value", \
of: {id: "<any id>", on: true, at: 3.14})
  }
}"""
    )


def test_an_operation_of_another_kind_is_named() -> None:
    assert operation_to("f: Int", root="Mutation") == "mutation {\n  t {\n    f\n  }\n}"


def test_what_has_fields_goes_on_somehow() -> None:
    operation = operation_to("u: U", types="type U { x: Int }")

    assert operation == "{\n  t {\n    u {\n      ...\n    }\n  }\n}"
