"""Documents that ask too much, refused before they cost anything."""

import pytest
from graphql import parse

from gateway.errors import LimitExceeded
from gateway.operation.limits import Limits, check_document, check_text

LIMITS = Limits(tokens=200, depth=5, aliases=3, root_fields=4, directives=3, fields=50)


def check(text: str, limits: Limits = LIMITS) -> None:
    check_text(text, limits)
    check_document(parse(text), None, limits)


@pytest.mark.parametrize(
    "text",
    [
        "{ a { b { c { d { e } } } } }",
        "{ x: a y: b z: c }",
        "{ a b c d }",
        "{ a @skip(if: true) @x @y }",
        '{ a(s: "{{{{{{ \\" {{{{", t: """ "{{{" {{{ """) }',
        "{ a # {{{{{{{{\n }",
        "query A { a } query B { a b c d }",
    ],
)
def test_what_is_at_the_limit_passes(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{ a { b { c { d { e { f } } } } } }", "depth"),
        ("{ w: a x: a y: b z: c }", "aliases"),
        ("{ a b c d e }", "root fields"),
        ("{ ...F ...F } fragment F on Query { a b c }", "root fields"),
        ("{ ... { a b c } ... { a b } }", "root fields"),
        ("{ a @a { b @b { c @c { d @d } } } }", "directives"),
        ("{ " + "a " * 250 + "}", "tokens"),
        ("{ " + ", # x\n" * 2 + "a " * 250 + "}", "tokens"),
    ],
)
def test_what_is_over_a_limit_is_refused_by_its_name(text: str, name: str) -> None:
    with pytest.raises(LimitExceeded, match=name):
        check(text)


def test_fragments_that_double_and_double_again_are_measured_once_each() -> None:
    fragments = "".join(
        f"fragment F{n} on T {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(30)
    )
    text = f"{{ r {{ ...F0 }} }} {fragments} fragment F30 on T {{ c }}"

    with pytest.raises(LimitExceeded, match="fields"):
        check(text, Limits(depth=100))


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "{ a(x: " + "[" * 100_000,
        "{ a(x: " + "{b: " * 100_000,
        "query ($a: " + "[" * 200,
    ],
)
def test_nesting_that_would_exhaust_the_parser_never_reaches_it(text: str) -> None:
    with pytest.raises(LimitExceeded, match=r"nesting|tokens"):
        check_text(text, Limits())


def test_a_chain_of_fragments_is_nesting_too() -> None:
    chain = "".join(f"fragment F{n} on T {{ ...F{n + 1} }}" for n in range(500))
    text = f"{{ ...F0 }} {chain} fragment F500 on T {{ c }}"

    with pytest.raises(LimitExceeded, match="nesting"):
        check(text, Limits())


def test_a_circle_of_fragments_is_left_to_validation() -> None:
    check("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F a }")


def test_only_the_operation_that_runs_is_measured() -> None:
    document = parse("query A { a } query B { a b c d e }")

    check_document(document, "A", LIMITS)
    with pytest.raises(LimitExceeded):
        check_document(document, "B", LIMITS)
