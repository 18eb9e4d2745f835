"""A rule got weaker exactly when somebody may see a field who could not before."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.supergraph.model import Rule, Supergraph
from gateway.supergraph.reader import read_supergraph
from portal.access.weakening import weakenings
from tests.support.composition import FEDERATION, composition_as_is, sdl_of, supergraph_of

BASE = """
type Query {{ me: User {root} }}
interface Named {{ name: String {interface} }}
type User implements Named {type} {{ name: String {field} pay: Money }}
scalar Money {scalar}
"""


def a_supergraph(sdl: str) -> Supergraph:
    return read_supergraph(supergraph_of(sdl))


def with_rules(**rules: str) -> Supergraph:
    places = dict.fromkeys(("root", "interface", "type", "field", "scalar"), "")
    return a_supergraph(BASE.format(**{**places, **rules}))


def scopes(*alternatives: str) -> str:
    """`scopes("a b", "c")` asks for a and b, or for c."""
    lists = ", ".join(str(each.split()).replace("'", '"') for each in alternatives)
    return f"@requiresScopes(scopes: [{lists}])"


def found(old: Supergraph, new: Supergraph) -> list[tuple[str, str]]:
    return [(each.coordinate, each.how) for each in weakenings(old, new)]


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        (scopes("a"), "", "the rule of User.name is gone"),
        (scopes("a"), scopes("a", "b"), "the rule of User.name has the alternative b"),
        (scopes("a b"), scopes("a"), "the rule of User.name has the alternative a"),
        ("@authenticated", "", "the rule of User.name is gone"),
        (
            '@authenticated @policy(policies: [["p"]])',
            '@policy(policies: [["p"]])',
            "the rule of User.name lost its @authenticated",
        ),
        (
            f'{scopes("a")} @policy(policies: [["p"]])',
            scopes("a"),
            "the rule of User.name lost its @policy",
        ),
        (
            '@policy(policies: [["p", "q"]])',
            '@policy(policies: [["q"]])',
            "the rule of User.name has the alternative q",
        ),
    ],
)
def test_a_field_that_asks_less_is_weaker(before: str, after: str, how: str) -> None:
    old, new = with_rules(field=before), with_rules(field=after)

    assert found(old, new) == [("User.name", how)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (scopes("a"), scopes("a")),
        (scopes("a", "b"), scopes("b", "a")),
        (scopes("a", "a b"), scopes("a")),
        (scopes("a"), scopes("a", "a b")),
        (scopes("a", "b"), scopes("a")),
        (scopes("a"), scopes("a b", "a c")),
        ("@authenticated", scopes("a")),
        (f"@authenticated {scopes('a')}", scopes("a")),
        ("", "@authenticated"),
    ],
)
def test_a_field_that_asks_the_same_or_more_is_not_weaker(before: str, after: str) -> None:
    assert found(with_rules(field=before), with_rules(field=after)) == []


def test_a_rule_may_move_between_a_type_and_its_fields() -> None:
    on_type = with_rules(type=scopes("a"))
    on_fields = with_rules(root=scopes("a"), field=scopes("a"), scalar=scopes("a"))

    assert found(on_type, on_fields) == []
    assert found(on_fields, on_type) == []


def test_a_rule_may_move_from_an_interface_to_its_types() -> None:
    plain, rule = with_rules(), Rule(scopes=(frozenset({"a"}),))
    on_interface = replace(plain, rules={"Named.name": rule})

    assert found(on_interface, replace(plain, rules={"User.name": rule})) == []
    assert found(on_interface, plain) == [("User.name", "the rule of Named.name is gone")]


def test_a_types_rule_that_is_gone_is_told_for_each_of_its_fields() -> None:
    assert found(with_rules(type=scopes("a")), with_rules()) == [
        ("Query.me", "the rule of User is gone"),
        ("User.name", "the rule of User is gone"),
        ("User.pay", "the rule of User is gone"),
    ]


def test_a_scalars_rule_guards_the_fields_that_return_it() -> None:
    assert found(with_rules(scalar="@authenticated"), with_rules()) == [
        ("User.pay", "the rule of Money is gone")
    ]


def test_a_rule_on_what_arguments_are_made_of_counts() -> None:
    sdl = "type Query {{ find(like: Colour): String }} enum Colour {rule} {{ RED }}"

    old, new = (a_supergraph(sdl.format(rule=rule)) for rule in ("@authenticated", ""))

    assert found(old, new) == [("Colour", "the rule of Colour is gone")]


def test_a_renamed_directive_asks_the_same() -> None:
    link = FEDERATION.replace('"@authenticated"', '{name: "@authenticated", as: "@known"}')
    renamed = sdl_of(composition_as_is(f"{link} type Query {{ me: String @known }}"))

    old, new = a_supergraph("type Query { me: String @authenticated }"), read_supergraph(renamed)

    assert found(old, new) == []
    assert found(new, a_supergraph("type Query { me: String }")) == [
        ("Query.me", "the rule of Query.me is gone")
    ]


TYPE = (
    "type Query {{ a: A b: B }} type A {rule} {{ x: Int {field} {more} }} type B {{ y: Int {b} }}"
)


def a_type(*, rule: str = "", field: str = "", more: str = "", b: str = "") -> Supergraph:
    return a_supergraph(TYPE.format(rule=rule, field=field, more=more, b=b))


def test_a_new_open_field_in_a_protected_type_is_weaker() -> None:
    how = "it is new in A, where every field had a rule"
    old = a_type(field=scopes("a"))

    assert found(old, a_type(field=scopes("a"), more="z: Int")) == [("A.z", how)]
    assert found(old, a_type(field=scopes("a"), more=f"z: Int {scopes('b')}")) == []


def test_a_new_field_is_held_to_the_rule_that_its_type_had() -> None:
    old = a_type(rule=scopes("a"))

    assert found(old, a_type(rule=scopes("a"), more="z: Int")) == []
    assert ("A.z", "it is new in A, where every field had a rule") in found(
        old, a_type(field=scopes("a"), more="z: Int")
    )


def test_a_new_field_in_an_open_type_is_not_weaker() -> None:
    assert found(a_type(), a_type(more="z: Int")) == []


def test_a_field_that_moved_out_of_a_protected_type_is_weaker() -> None:
    old = a_type(rule=scopes("a"), more="secret: String")

    assert found(old, a_type(rule=scopes("a"), b="secret: String")) == [
        ("B.secret", "it was A.secret")
    ]
    assert found(old, a_type(rule=scopes("a"), b=f"secret: String {scopes('a')}")) == []


def test_a_field_that_is_gone_is_not_weaker() -> None:
    old = a_type(rule=scopes("a"), more="secret: String")

    assert found(old, a_type(rule=scopes("a"))) == []


def test_a_weakening_is_told_in_words() -> None:
    [weakening] = weakenings(with_rules(field=scopes("a b")), with_rules(field=scopes("a")))

    assert str(weakening) == (
        "User.name asked for a and b, now for a: the rule of User.name has the alternative a."
    )


SCOPES, POLICIES = ("a", "b", "c"), ("p", "q")


def subsets(names: Iterable[str]) -> list[frozenset[str]]:
    pool = list(names)
    chosen = chain.from_iterable(combinations(pool, n) for n in range(len(pool) + 1))
    return [frozenset(each) for each in chosen]


def alternatives(names: Iterable[str]) -> st.SearchStrategy[tuple[frozenset[str], ...]]:
    some = st.sampled_from([each for each in subsets(names) if each])
    return st.lists(some, max_size=3).map(tuple)


RULES = st.dictionaries(
    st.sampled_from(["User.name", "Named.name", "User"]),
    st.builds(Rule, st.booleans(), alternatives(SCOPES), alternatives(POLICIES)),
)


def callers() -> Iterator[tuple[bool, frozenset[str], frozenset[str]]]:
    """Everybody there can be: who has not signed in holds no scope."""
    for granted in subsets(POLICIES):
        yield False, frozenset(), granted
        for held in subsets(SCOPES):
            yield True, held, granted


def passes(rule: Rule, signed_in: bool, held: frozenset[str], granted: frozenset[str]) -> bool:
    return (
        (signed_in or not rule.authenticated)
        and (not rule.scopes or any(each <= held for each in rule.scopes))
        and (not rule.policies or any(each <= granted for each in rule.policies))
    )


@settings(max_examples=500, deadline=None)
@given(RULES, RULES)
def test_weaker_is_what_lets_somebody_in(before: dict[str, Rule], after: dict[str, Rule]) -> None:
    plain = with_rules()
    let_in = [
        caller
        for caller in callers()
        if all(passes(rule, *caller) for rule in after.values())
        and not all(passes(rule, *caller) for rule in before.values())
    ]

    told = weakenings(replace(plain, rules=before), replace(plain, rules=after))

    assert ("User.name" in [each.coordinate for each in told]) is bool(let_in)
