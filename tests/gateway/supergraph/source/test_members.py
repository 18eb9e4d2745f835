"""The subgraphs to compose, as people write them down."""

from pathlib import Path

import pytest

from gateway.supergraph.source.members import (
    InvalidMember,
    Member,
    check_names,
    parse_member,
    read_members,
)

PRODUCTS = "http://products.example/graphql"
REVIEWS = "https://reviews.example/graphql?v=1"


def test_a_name_and_an_address() -> None:
    assert parse_member(f"reviews={REVIEWS}") == Member("reviews", REVIEWS)


@pytest.mark.parametrize(
    "text",
    ["reviews", "=http://a.b", "reviews=", "reviews=a.b/graphql", "reviews=ftp://a.b", "x=http://"],
)
def test_what_is_no_name_and_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidMember):
        parse_member(text)


def test_a_name_stands_for_one_subgraph() -> None:
    twice = [Member("a", PRODUCTS), Member("b", PRODUCTS), Member("a", REVIEWS)]

    with pytest.raises(InvalidMember, match="more than once: a"):
        check_names(twice)


def test_a_toml_file_names_addresses_and_schemas(tmp_path: Path) -> None:
    file = tmp_path / "subgraphs.toml"
    file.write_text(
        f'[subgraphs]\nreviews = "{REVIEWS}"\n'
        f'[subgraphs.products]\nurl = "{PRODUCTS}"\nschema = "schemas/products.graphql"\n'
    )

    assert read_members(file) == (
        Member("reviews", REVIEWS),
        Member("products", PRODUCTS, tmp_path / "schemas" / "products.graphql"),
    )


def test_a_json_file_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "subgraphs.json"
    file.write_text(f'{{"subgraphs": {{"reviews": {{"url": "{REVIEWS}"}}}}}}')

    assert read_members(file) == (Member("reviews", REVIEWS),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[subgraphs", "table declaration"),
        ("[others]", "no table `subgraphs`"),
        ("subgraphs = 7", "no table `subgraphs`"),
        ("[subgraphs]", "There are no subgraphs"),
        ("[subgraphs]\na = 7", "'a' is neither"),
        ('[subgraphs.a]\nurl = "http://a.b"\nschemas = "typo"', "'a' is neither"),
        ('[subgraphs]\na = "a.b"', "'a' needs"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "subgraphs.toml"
    file.write_text(text)

    with pytest.raises(InvalidMember, match=reason) as refused:
        read_members(file)

    assert str(refused.value).startswith(str(file))
