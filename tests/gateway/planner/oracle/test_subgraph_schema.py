"""What a subgraph takes and what it refuses."""

import pytest
from graphql import parse, validate

from tests.gateway.planner.oracle.subgraph_schema import subgraph_schema
from tests.support.composition import FEDERATION

SDL = f"""{FEDERATION}
type Query {{ pets: [Pet] }}
interface Pet @key(fields: "id") {{ id: ID! }}
type Dog implements Pet @key(fields: "id") {{ id: ID! name: String @shareable }}
extend type Owner @key(fields: "id") {{ id: ID! @external dogs: [Dog] }}
"""


@pytest.mark.parametrize(
    "document",
    [
        "{ pets { id ... on Dog { name } } }",
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Owner { dogs { id } } } }",
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pet { id } } }",
    ],
)
def test_what_the_subgraph_declares_or_extends_may_be_asked(document: str) -> None:
    assert validate(subgraph_schema(SDL), parse(document)) == []


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        ("{ pets { name } }", "Cannot query field 'name' on type 'Pet'."),
        ("{ pets { ... on Owner { id } } }", "can never be of type 'Owner'."),
        ("{ pets { ... on Cat { id } } }", "Unknown type 'Cat'."),
    ],
)
def test_what_the_subgraph_does_not_have_is_refused(document: str, refusal: str) -> None:
    [error] = validate(subgraph_schema(SDL), parse(document))

    assert refusal in error.message


def test_entities_are_asked_of_the_query_type_by_whatever_name() -> None:
    schema = subgraph_schema(
        f'{FEDERATION} schema {{ query: Root }} type Dog @key(fields: "id") {{ id: ID! }}'
        " type Root { dogs: [Dog] }"
    )

    assert schema.query_type is not None
    assert schema.query_type.fields.keys() == {"dogs", "_entities"}


def test_without_entities_there_is_no_machinery() -> None:
    schema = subgraph_schema("type Query { now: String }")

    assert "_Entity" not in schema.type_map
