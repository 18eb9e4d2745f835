"""A rule is known by its specification, whatever it is called where it stands (A15, A16, A31)."""

from typing import Final

import pytest

from gateway.composition.errors import Code
from gateway.errors import InvalidSupergraph
from gateway.supergraph.model import Rule
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import codes, composition_as_is, composition_of, sdl_of

_SPEC: Final = "https://specs.apollo.dev/federation"
_BODY: Final = "type Query {{ open: Int secret: Int {rule} }}"
_SCOPES: Final = '(scopes: [["a", "b"], ["c"]])'
_RULE: Final = Rule(scopes=(frozenset({"a", "b"}), frozenset({"c"})))


@pytest.mark.parametrize(
    ("link", "rule", "expected"),
    [
        ('import: ["@requiresScopes"]', f"@requiresScopes{_SCOPES}", _RULE),
        ("", f"@federation__requiresScopes{_SCOPES}", _RULE),
        ('as: "f"', f"@f__requiresScopes{_SCOPES}", _RULE),
        ('import: [{name: "@requiresScopes", as: "@needs"}]', f"@needs{_SCOPES}", _RULE),
        ('as: "f", import: ["@requiresScopes"]', f"@requiresScopes{_SCOPES}", _RULE),
        ("", "@federation__authenticated", Rule(authenticated=True)),
        ('import: [{name: "@authenticated", as: "@known"}]', "@known", Rule(authenticated=True)),
        ("", '@federation__policy(policies: "p")', Rule(policies=(frozenset({"p"}),))),
    ],
)
def test_a_rule_under_another_name_is_the_same_rule(link: str, rule: str, expected: Rule) -> None:
    sdl = f'extend schema @link(url: "{_SPEC}/v2.9", {link}) {_BODY.format(rule=rule)}'

    supergraph = read_supergraph(sdl_of(composition_as_is(sdl)))

    assert supergraph.rules == {"Query.secret": expected}


@pytest.mark.parametrize("version", ["v2.5", "v2.6", "v2.9", "v2.12"])
def test_a_rule_of_an_old_version_is_the_same_rule(version: str) -> None:
    sdl = f'extend schema @link(url: "{_SPEC}/{version}", import: ["@requiresScopes"])'
    supergraph = sdl_of(composition_as_is(sdl + _BODY.format(rule=f"@requiresScopes{_SCOPES}")))

    assert read_supergraph(supergraph).rules == {"Query.secret": _RULE}


@pytest.mark.parametrize(
    ("link", "rule"),
    [
        ('url: "https://specs.apollo.dev/federation/v2.4", import: ["@authenticated"]', ""),
        ('url: "https://specs.apollo.dev/federation/v2.5", import: ["@policy"]', ""),
        ('url: "https://specs.apollo.dev/federation/v3.0", import: ["@authenticated"]', ""),
        ('url: "https://specs.apollo.dev/federation/v2.99", import: ["@authenticated"]', ""),
        ('url: "https://specs.apollo.dev/federation/v2.9", import: ["@authentificated"]', ""),
        ('url: "https://specs.apollo.dev/federation/v2.9"', "@authenticated"),
        ('url: "https://specs.apollo.dev/federation/v2.9"', "@requiresScope(scopes: [])"),
        ('url: "https://specs.apollo.dev/federation/v2.9"', "@federation__authorized"),
    ],
)
def test_what_looks_like_a_rule_and_is_none_does_not_compose(link: str, rule: str) -> None:
    found = composition_as_is(f"extend schema @link({link}) {_BODY.format(rule=rule)}")

    assert found.supergraph_sdl is None


def test_two_names_for_one_rule_do_not_compose() -> None:
    first = 'import: ["@key", {name: "@authenticated", as: "@known"}]'
    second = 'import: ["@key", "@authenticated"]'
    found = composition_as_is(
        f'extend schema @link(url: "{_SPEC}/v2.9", {first}) type Query {{ a: Int @known }}',
        f'extend schema @link(url: "{_SPEC}/v2.9", {second})'
        " type Query { b: Int @authenticated }",
    )

    assert codes(found) == [Code.LINK_IMPORT_NAME_MISMATCH]


@pytest.mark.parametrize(
    "rule",
    ["@requiresScopes(scopes: [])", "@requiresScopes(scopes: [[]])", "@policy(policies: [])"],
)
def test_a_rule_that_asks_for_nothing_does_not_compose(rule: str) -> None:
    assert composition_of(_BODY.format(rule=rule)).supergraph_sdl is None


_SUPERGRAPH: Final = """
    schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
      {links}
    {{ query: Query }}
    enum join__Graph {{ A @join__graph(name: "a", url: "http://a") }}
    type Query @join__type(graph: A) {{ open: Int secret: Int {rule} }}
"""


@pytest.mark.parametrize(
    "link",
    [
        '@link(url: "https://specs.apollo.dev/authenticated/v0.2", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/authenticated/v1.0", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/clearance/v0.1", for: SECURITY)',
        '@link(url: "https://example.com/authenticated/v0.1", for: SECURITY)',
        '@link(url: "https://example.com/authenticated", for: SECURITY)',
    ],
)
def test_a_supergraph_with_a_security_nobody_understands_is_refused(link: str) -> None:
    with pytest.raises(InvalidSupergraph):
        read_supergraph(_SUPERGRAPH.format(links=link, rule=""))


def test_another_specification_of_the_same_name_takes_no_rule_away() -> None:
    links = (
        '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)'
        ' @link(url: "https://example.com/authenticated/v1.0", as: "other")'
    )

    supergraph = read_supergraph(_SUPERGRAPH.format(links=links, rule="@authenticated"))

    assert supergraph.rules == {"Query.secret": Rule(authenticated=True)}


@pytest.mark.parametrize(
    ("link", "rule"),
    [
        ("", "@authenticated"),
        ('as: "needs"', "@needs"),
        ('import: [{name: "@authenticated", as: "@known"}]', "@known"),
    ],
)
def test_a_supergraph_may_call_its_rules_as_it_likes(link: str, rule: str) -> None:
    spec = f'@link(url: "https://specs.apollo.dev/authenticated/v0.1", {link}, for: SECURITY)'

    supergraph = read_supergraph(_SUPERGRAPH.format(links=spec, rule=rule))

    assert supergraph.rules == {"Query.secret": Rule(authenticated=True)}
