"""Contexts: one subgraph's, named for it, and what clients no longer have to send."""

import pytest

from gateway.supergraph.model import ContextArgument
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import (
    codes,
    composition_as_is,
    composition_of,
    definition,
    supergraph_of,
)

BILLING = """
type Query { account: Account! }
type Account @key(fields: "id") @context(name: "payer") {
  id: ID! currency: String! rates: [Rate!]! invoice: Invoice
}
type Rate { of: String! percent: Int! }
type Invoice @key(fields: "id") { id: ID! %s }
"""


def invoice(field: str) -> str:
    return BILLING % field


TOTAL = 'total(from: String @fromContext(field: "$payer { currency }"), rounded: Boolean): Int'


def test_the_gateway_learns_which_argument_it_gives() -> None:
    supergraph = supergraph_of(invoice(TOTAL))

    assert (
        "total(rounded: Boolean): Int @join__field(graph: A, contextArguments: "
        '[{context: "a__payer", name: "from", type: "String", selection: " { currency }"}])'
    ) in definition(supergraph, "type Invoice")
    assert '@context(name: "a__payer")' in definition(supergraph, "type Account")


def test_what_is_composed_is_what_the_gateway_reads() -> None:
    supergraph = read_supergraph(supergraph_of(invoice(TOTAL)))

    field = supergraph.subgraphs["a"].types["Invoice"].fields["total"]
    assert field.contexts == (ContextArgument("from", "String", "a__payer", "currency"),)
    assert supergraph.contexts == {"a__payer": {"Account"}}


def test_a_join_that_contexts_need_is_linked_only_with_contexts() -> None:
    with_context = supergraph_of(invoice(TOTAL))
    without = supergraph_of("type Query { a: Int }")

    assert "specs.apollo.dev/join/v0.5" in with_context
    assert "specs.apollo.dev/join/v0.4" in without
    assert "contextArguments" not in without


def test_contexts_of_one_name_in_two_subgraphs_are_two() -> None:
    cases = """
    type Query { case: Case }
    type Case @key(fields: "id") @context(name: "payer") { id: ID! currency: String task: Task }
    type Task @key(fields: "id") {
      id: ID! fee(in: String @fromContext(field: "$payer { currency }")): Int
    }
    """

    supergraph = read_supergraph(supergraph_of(invoice(TOTAL), cases))

    assert supergraph.contexts == {"a__payer": {"Account"}, "b__payer": {"Case"}}


@pytest.mark.parametrize(
    ("selection", "type"),
    [
        ("$payer { currency }", "String"),
        ("$payer { rates { percent } }", "[Int]"),
        ("$payer { ... on Account { currency } }", "String"),
        ("$payer ... on Account { currency }", "String"),
        ("$payer { __typename }", "String"),
    ],
)
def test_a_selection_of_one_value_composes(selection: str, type: str) -> None:
    field = f'total(from: {type} @fromContext(field: "{selection}")): Int'

    assert composition_of(invoice(field)).errors == ()


@pytest.mark.parametrize(
    ("selection", "type", "reason"),
    [
        ("$payer { currency }", "String!", "it selects String of Account"),
        ("$payer { rates { percent } }", "Int", "it selects [Int] of Account"),
        ("$payer { currency id }", "String", "more than one value"),
        ("$payer { rates { of percent } }", "[String]", "more than one value"),
        ("$payer { rates { ... on Rate { of } } }", "[String]", "only its outermost selection"),
        ("$payer { rates }", "[String]", "needs a selection"),
        ("$payer { currency { code } }", "String", "no fields to select"),
        ("$payer { name: currency }", "String", "aliases or directives"),
        ("$payer { nothing }", "String", "no field nothing"),
        ("$payer { currency(of: 1) }", "String", "no argument of"),
        ("$payer ... on Rate { of }", "String", "no Rate sets the context"),
        ("$payer ... on Nothing { of }", "String", "an object type"),
        ("$payer ... on Account @skip(if: true) { currency }", "String", "cannot have directives"),
    ],
)
def test_any_other_selection_is_refused_with_its_reason(
    selection: str, type: str, reason: str
) -> None:
    field = f'total(from: {type} @fromContext(field: "{selection}")): Int'

    composition = composition_of(invoice(field))

    assert codes(composition) == ["CONTEXT_INVALID_SELECTION"]
    assert any(reason in error.message for error in composition.errors)


def test_a_value_in_a_context_may_be_external() -> None:
    billing = invoice(TOTAL).replace("currency: String!", "currency: String! @external")
    owner = 'type Account @key(fields: "id") { id: ID! currency: String! }'

    composition = composition_of(billing, owner)

    assert composition.errors == ()


@pytest.mark.parametrize(
    ("open", "guarded"),
    [
        ("currency: String!", "currency: String! @authenticated"),
        ('@context(name: "payer")', '@context(name: "payer") @authenticated'),
    ],
)
def test_a_field_demands_what_its_context_demands(open: str, guarded: str) -> None:
    billing = invoice(TOTAL).replace(open, guarded)

    alone = composition_of(billing)
    as_guarded = composition_of(billing.replace("): Int", "): Int @authenticated"))

    assert codes(alone) == ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"]
    assert as_guarded.errors == ()


def test_contexts_are_understood_from_federation_two_eight_on() -> None:
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.%d", import: %s)'
    imports = '["@key", "@context", "@fromContext"]'

    old = composition_as_is(f"{link % (7, imports)}\n{invoice(TOTAL)}")
    new = composition_as_is(f"{link % (8, imports)}\n{invoice(TOTAL)}")

    assert codes(old) == ["INVALID_LINK_DIRECTIVE_USAGE"]
    assert new.errors == ()
