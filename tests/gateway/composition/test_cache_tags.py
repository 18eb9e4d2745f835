"""Cache tags stay each subgraph's word, for gateways that keep answers."""

from gateway.supergraph.reader import read_supergraph
from tests.support.composition import definition, supergraph_of

CATALOG = """
type Query { item(id: ID!): Item @shareable @cacheTag(format: "item-{$args.id}") }
type Item @key(fields: "id") @cacheTag(format: "item-{$key.id}") { id: ID! }
"""
STOCK = """
type Query { item(id: ID!): Item @shareable @cacheTag(format: "item-{$args.id}") }
type Item @key(fields: "id") @cacheTag(format: "stock") { id: ID! left: Int }
"""


def test_a_tag_names_the_subgraphs_that_give_it() -> None:
    supergraph = supergraph_of(CATALOG, STOCK)

    assert (
        '@join__directive(graphs: [A, B], name: "federation__cacheTag",'
        ' args: {format: "item-{$args.id}"})'
    ) in definition(supergraph, "type Query")
    item = definition(supergraph, "type Item")
    assert 'graphs: [A], name: "federation__cacheTag", args: {format: "item-{$key.id}"}' in item
    assert 'graphs: [B], name: "federation__cacheTag", args: {format: "stock"}' in item


def test_this_gateway_reads_what_it_composes() -> None:
    supergraph = read_supergraph(supergraph_of(CATALOG))

    assert list(supergraph.subgraphs["a"].types["Item"].fields) == ["id", "__typename"]
