"""What cannot be satisfied, and why: the example operation and each subgraph's reasons."""

import pytest

from gateway.composition import CompositionError
from tests.support.composition import composition_of

PRODUCTS = 'type Query { product: Product } type Product @key(fields: "id") { id: ID! }'
UNKEYED = "type Query { product: Product } type Product { id: ID! @shareable }"


def refusals(*sdls: str) -> list[CompositionError]:
    composition = composition_of(*sdls)
    assert {error.code.value for error in composition.errors} == {"SATISFIABILITY_ERROR"}
    return list(composition.errors)


def reasons(*sdls: str) -> str:
    """Of the only refusal."""
    [error] = refusals(*sdls)
    return error.message.partition("because:\n")[2]


def test_an_operation_that_nobody_can_answer_is_told_with_its_reasons() -> None:
    [error] = refusals(
        UNKEYED, "type Product { id: ID! @shareable } extend type Product { price: Int }"
    )

    assert (error.coordinate, error.subgraph) == ("Product.price", "b")
    assert (
        error.message
        == """\
The following supergraph API query:
{
  product {
    price
  }
}
cannot be satisfied by the subgraphs because:
- from subgraph "a":
  - cannot find field "Product.price".
  - cannot move to subgraph "b", which has field "Product.price", because type "Product" has no \
@key defined in subgraph "b"."""
    )


def test_every_field_that_cannot_be_had_is_told() -> None:
    errors = refusals(
        UNKEYED,
        "type Product { id: ID! @shareable price: Price stock: Int } type Price { amount: Int }",
    )

    assert [error.coordinate for error in errors] == ["Product.price", "Product.stock"]
    assert "    price {\n      ...\n    }\n" in errors[0].message


def test_a_key_that_is_not_resolvable_opens_nothing() -> None:
    because = reasons(
        PRODUCTS,
        'type Product @key(fields: "id", resolvable: false) { id: ID! price: Int }',
    )

    assert because.endswith(
        'because none of the @key defined on type "Product" in subgraph "b" are resolvable (they '
        'are all declared with their "resolvable" argument set to false).'
    )


def test_a_key_names_the_field_that_cannot_be_had() -> None:
    because = reasons(
        PRODUCTS,
        'type Product @key(fields: "upc") { upc: ID! @inaccessible price: Int }',
    )

    assert because == (
        '- from subgraph "a":\n'
        '  - cannot find field "Product.price".\n'
        '  - cannot move to subgraph "b" using @key(fields: "upc") of "Product", the key field(s) '
        'cannot be resolved from subgraph "a": no way leads to "Product.upc".'
    )


def test_the_missing_part_of_a_nested_key_is_named() -> None:
    because = reasons(
        """
        type Query { product: Product }
        type Product @key(fields: "id") { id: ID! maker: Maker @shareable }
        type Maker { name: String @shareable }
        """,
        """
        type Product @key(fields: "maker { name tag }") { maker: Maker @shareable price: Int }
        type Maker @shareable { name: String tag: ID @inaccessible }
        """,
    )

    assert 'cannot be resolved from subgraph "a": no way leads to "Maker.tag".' in because


def test_subgraphs_that_can_be_entered_tell_their_reasons_too() -> None:
    because = reasons(
        PRODUCTS,
        'type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }',
        'type Product @key(fields: "upc") { upc: ID! @inaccessible price: Int }',
    )

    assert '- from subgraph "a":\n  - cannot find field "Product.price".' in because
    assert '- from subgraph "b":\n  - cannot find field "Product.price".' in because


def test_an_external_field_is_not_resolved_where_nobody_provides_it() -> None:
    errors = refusals(
        """
        type Query { product: Product best: Product @provides(fields: "price") }
        type Product @key(fields: "id") { id: ID! price: Int @external }
        """,
        'type Product @key(fields: "sku") { sku: ID! @inaccessible price: Int @shareable }',
    )

    assert [error.coordinate for error in errors] == ["Product.price"]
    assert 'field "Product.price" is not resolvable because marked @external.' in errors[0].message


def test_a_requirement_names_what_it_lacks() -> None:
    because = reasons(
        PRODUCTS,
        """
        type Product @key(fields: "id") {
          id: ID!
          weight: Int @external
          shipping: Int @requires(fields: "weight")
        }
        """,
        'type Product @key(fields: "sku") { sku: ID! @inaccessible weight: Int @inaccessible }',
    )

    assert (
        'cannot satisfy @require conditions on field "Product.shipping": no way leads to '
        '"Product.weight".'
    ) in because


@pytest.mark.parametrize("key", ["", '@key(fields: "id", resolvable: false)'])
def test_what_is_required_must_find_its_way_back(key: str) -> None:
    because = reasons(
        f"""
        type Query {{ product: Product }}
        type Product {key} {{
          id: ID! @shareable
          weight: Int @external
          shipping: Int @requires(fields: "weight")
        }}
        """,
        'type Product @key(fields: "id") { id: ID! weight: Int }',
    )

    assert (
        '- from subgraph "a": @require condition on field "Product.shipping" can be satisfied but '
        'missing usable key on "Product" in subgraph "a" to resume query.'
    ) in because


def test_requirements_that_need_each_other_are_never_met() -> None:
    errors = refusals(
        """
        type Query { product: Product }
        type Product @key(fields: "id") {
          id: ID! net: Int @requires(fields: "gross") gross: Int @external
        }
        """,
        """
        type Product @key(fields: "id") {
          id: ID! gross: Int @requires(fields: "net") net: Int @external
        }
        """,
    )

    assert [error.coordinate for error in errors] == ["Product.net", "Product.gross"]


def test_a_field_that_was_taken_over_is_not_resolved_where_it_was() -> None:
    because = reasons(
        """
        type Query { product: Product }
        type Product @key(fields: "id price") { id: ID! price: Int }
        """,
        """
        type Product @key(fields: "sku") {
          sku: ID! @inaccessible price: Int @override(from: "a")
        }
        """,
    )

    assert (
        'field "Product.price" is not resolvable because it is overridden by subgraph "b".'
    ) in because


@pytest.mark.parametrize(
    ("old_key", "new_key", "state"), [("id", "sku", "active"), ("sku", "id", "not active")]
)
def test_each_state_of_a_label_must_be_satisfiable(old_key: str, new_key: str, state: str) -> None:
    because = reasons(
        PRODUCTS,
        f'type Product @key(fields: "{old_key}") {{ {old_key}: ID! @inaccessible price: Int }}',
        f"""
        type Product @key(fields: "{new_key}") {{
          {new_key}: ID! @inaccessible
          price: Int @override(from: "b", label: "percent(10)")
        }}
        """,
    )

    assert (
        'field "Product.price" is not resolvable because the @override label "percent(10)" is '
        f"{state}."
    ) in because


def test_the_type_of_an_interface_objects_value_must_be_learnt() -> None:
    [error] = refusals(
        'type Query { node: Node } type Node @interfaceObject @key(fields: "id") { id: ID! }',
        """
        interface Node @key(fields: "id", resolvable: false) { id: ID! }
        type Product implements Node @key(fields: "id") { id: ID! }
        """,
    )

    assert "  node {\n    ... on Product {\n      ...\n    }\n  }\n" in error.message
    assert error.message.endswith(
        '- from subgraph "a": no subgraph can be reached to resolve the implementation type of '
        '@interfaceObject type "Node".'
    )


def test_a_context_must_be_set_on_every_way() -> None:
    because = reasons(
        """
        type Query { shop: Shop product: Product }
        type Shop @key(fields: "id") @context(name: "shop") {
          id: ID! currency: String product: Product
        }
        type Product @key(fields: "id") {
          id: ID!
          price(currency: String @fromContext(field: "$shop { currency }")): Int
        }
        """
    )

    assert because == (
        '- from subgraph "a": could not find a match for required context for field '
        '"Product.price": no object above has what it takes of "$shop".'
    )
