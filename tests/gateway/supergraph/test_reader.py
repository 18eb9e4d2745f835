"""Supergraph documents: what is read, what is hidden, what is refused."""

import pytest
from graphql import print_schema

from gateway.errors import InvalidSupergraph
from gateway.supergraph.model import Key, Rule
from gateway.supergraph.reader import read_supergraph
from tests.support.plans import graph_of

LINKS = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  {links}
{{ query: Query }}

enum join__Graph {{
  A @join__graph(name: "a", url: "http://a")
  B @join__graph(name: "b", url: "http://b")
}}
scalar join__FieldSet
"""


def document(types: str, links: str = "") -> str:
    return LINKS.format(links=links) + types


def test_each_subgraph_has_its_own_fields() -> None:
    subgraphs = graph_of("requires").supergraph.subgraphs

    assert set(subgraphs["discounts"].types["Product"].fields) == {
        "__typename",
        "id",
        "hasDiscount",
    }
    assert subgraphs["pricing"].types["Product"].fields["price"].external
    assert subgraphs["pricing"].types["Product"].fields["isExpensive"].requires == "price"
    assert subgraphs["catalog"].types["Product"].keys == (Key("id", resolvable=True),)


def test_machinery_and_hidden_elements_are_not_in_the_api_schema() -> None:
    supergraph = graph_of("keys").supergraph

    printed = print_schema(supergraph.api_schema)

    assert "details" not in printed
    assert "join__" not in printed
    assert "details" in print_schema(supergraph.schema)


def test_an_interface_object_does_not_know_its_type() -> None:
    node = graph_of("interface_object").supergraph.subgraphs["notes"].types["Node"]

    assert node.interface_object
    assert "__typename" not in node.fields


RULES = """
type Query @join__type(graph: A) {
  open: Int
  closed: Secret @signedIn @needs(scopes: [["a", "b"], ["c"]])
}
type Secret @join__type(graph: A) @policy(policies: [["p"]]) { x: Int }
"""


def test_rules_are_found_by_specification_whatever_their_name() -> None:
    links = """
      @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn", for: SECURITY)
      @link(url: "https://specs.apollo.dev/requiresScopes/v0.1",
            import: [{ name: "@requiresScopes", as: "@needs" }], for: SECURITY)
      @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
    """
    rules = read_supergraph(document(RULES, links)).rules

    assert rules == {
        "Query.closed": Rule(authenticated=True, scopes=(frozenset({"a", "b"}), frozenset({"c"}))),
        "Secret": Rule(policies=(frozenset({"p"}),)),
    }


SCOPES_LINK = '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)'


def scoped(scopes: str) -> str:
    field = f"closed: Int @requiresScopes(scopes: {scopes})"
    return document(f"type Query @join__type(graph: A) {{ {field} }}", SCOPES_LINK)


@pytest.mark.parametrize(
    ("scopes", "alternatives"),
    [
        ('"read:all"', [{"read:all"}]),
        ('["read:all", "read:own"]', [{"read:all"}, {"read:own"}]),
        ('[["read:all", "staff"], "admin"]', [{"read:all", "staff"}, {"admin"}]),
    ],
)
def test_a_single_name_is_a_list_of_one(scopes: str, alternatives: list[set[str]]) -> None:
    rules = read_supergraph(scoped(scopes)).rules

    assert rules["Query.closed"].scopes == tuple(map(frozenset, alternatives))


@pytest.mark.parametrize("scopes", ["[]", "[[]]", '[["x"], []]', "[[1]]", "null"])
def test_a_rule_that_names_nothing_is_refused(scopes: str) -> None:
    with pytest.raises(InvalidSupergraph, match=r"Query\.closed needs lists of names"):
        read_supergraph(scoped(scopes))


@pytest.mark.parametrize(
    "link",
    [
        '@link(url: "https://specs.apollo.dev/authenticated/v1.0", for: SECURITY)',
        '@link(url: "https://example.com/secrecy/v0.1", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/join/v0.9", for: EXECUTION)',
    ],
)
def test_what_must_be_understood_and_is_not_is_refused(link: str) -> None:
    with pytest.raises(InvalidSupergraph, match="does not understand"):
        read_supergraph(document("type Query @join__type(graph: A) { x: Int }", link))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("type Query {", "no GraphQL document"),
        ("type Query { x: Int }", "names no subgraphs"),
        (document("type Query @join__type(graph: C) { x: Int }"), "unknown subgraph"),
        (document("type Query @join__type(graph: A) { x: Nothing }"), "not a schema"),
    ],
)
def test_what_is_no_supergraph_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidSupergraph, match=reason):
        read_supergraph(text)


def test_a_hidden_root_type_is_no_root_for_clients() -> None:
    links = '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)'
    types = """
      type Query @join__type(graph: A) { x: Int }
      type Mutation @join__type(graph: A) @inaccessible { y: Int }
    """
    text = document(types, links).replace("query: Query", "query: Query mutation: Mutation")

    supergraph = read_supergraph(text)

    assert supergraph.api_schema.mutation_type is None
    assert supergraph.schema.mutation_type is not None


OVERRIDE = """
type Query @join__type(graph: A) @join__type(graph: B) {
  x: Int @join__field(graph: A) @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
  y: Int @join__field(graph: A, usedOverridden: true) @join__field(graph: B, override: "a")
}
"""


def test_an_override_by_label_leaves_the_field_in_both_subgraphs() -> None:
    subgraphs = read_supergraph(document(OVERRIDE)).subgraphs

    a, b = subgraphs["a"].types["Query"].fields, subgraphs["b"].types["Query"].fields
    assert a["x"].label is not None
    assert not a["x"].label.active
    assert b["x"].label is not None
    assert b["x"].label.active
    assert "y" not in a
