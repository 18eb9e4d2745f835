"""What a supergraph of the reference composition says of contexts."""

from pathlib import Path

import pytest
from graphql import GraphQLObjectType

from gateway.errors import InvalidSupergraph
from gateway.supergraph.model import ContextArgument, Supergraph
from gateway.supergraph.reader import read_supergraph

_TEXT = (Path(__file__).parent / "supergraphs" / "contexts.graphql").read_text()


@pytest.fixture(scope="module")
def supergraph() -> Supergraph:
    return read_supergraph(_TEXT)


def test_a_context_is_set_by_every_type_that_carries_its_name(supergraph: Supergraph) -> None:
    assert supergraph.contexts == {
        "billing__payer": {"Account", "Partner"},
        "billing__discount": {"Partner"},
        "billing__anyone": {"Payer"},
    }


def test_an_argument_from_a_context_is_read_as_a_field_set(supergraph: Supergraph) -> None:
    fields = supergraph.subgraphs["billing"].types["Invoice"].fields

    assert fields["total"].contexts == (
        ContextArgument(
            name="currency",
            type="String",
            context="billing__payer",
            selection="... on Account { currency } ... on Partner { money }",
        ),
    )
    assert fields["note"].contexts[0].selection == (
        "... on Account { currency } ... on Partner { money }"
    )
    assert fields["id"].contexts == ()


def test_clients_see_only_the_arguments_that_they_give(supergraph: Supergraph) -> None:
    invoice = supergraph.api_schema.type_map["Invoice"]

    assert isinstance(invoice, GraphQLObjectType)
    assert list(invoice.fields["total"].args) == ["rounded"]
    assert "context" not in {directive.name for directive in supergraph.api_schema.directives}


def test_an_argument_that_names_no_context_is_refused() -> None:
    text = _TEXT.replace('context: "billing__payer", ', "")

    with pytest.raises(InvalidSupergraph, match="'context'"):
        read_supergraph(text)
