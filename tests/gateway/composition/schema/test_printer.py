"""Schemas as documents."""

import pytest
from graphql import parse

from gateway.composition.schema.model import (
    Applied,
    Default,
    DirectiveDefinition,
    Field,
    InputValue,
    ObjectType,
    Schema,
)
from gateway.composition.schema.printer import print_schema
from gateway.composition.schema.type_ref import Named


def test_a_schema_is_printed_in_alphabetical_order() -> None:
    query = ObjectType(
        name="Query",
        description="Everything.",
        fields={
            "q": Field(
                name="q",
                type=Named("Thing"),
                arguments={
                    "n": InputValue(
                        name="n", description="How many.", type=Named("Int"), default=Default(None)
                    )
                },
                directives=(Applied("tag", {"name": "t"}),),
            )
        },
    )
    thing = ObjectType(
        name="AThing",
        interfaces=("I", "J"),
        fields={"x": Field(name="x", type=Named("Int"), description="One\nTwo")},
    )
    tag = DirectiveDefinition(
        name="tag",
        arguments={"name": InputValue(name="name", type=Named("String"))},
        locations=("OBJECT", "FIELD_DEFINITION"),
        is_repeatable=True,
    )

    text = print_schema(Schema(types={"Query": query, "AThing": thing}, directives={"tag": tag}))

    assert (
        text
        == '''\
schema
{
  query: Query
}

directive @tag(name: String) repeatable on OBJECT | FIELD_DEFINITION

type AThing implements I & J {
  """
  One
  Two
  """
  x: Int
}

"""Everything."""
type Query {
  q(
    """How many."""
    n: Int = null
  ): Thing @tag(name: "t")
}
'''
    )


@pytest.mark.parametrize(
    "description",
    ['with """ inside', 'ends with "', "ends with \\", "  indented", "one\n  two\nthree", 'é "x"'],
)
def test_any_description_can_be_read_again(description: str) -> None:
    query = ObjectType(
        name="Query",
        fields={"q": Field(name="q", type=Named("Int"), description=description)},
    )

    document = parse(print_schema(Schema(types={"Query": query}, directives={})))

    [field] = document.definitions[1].fields  # type: ignore[attr-defined]
    assert field.description.value == description
