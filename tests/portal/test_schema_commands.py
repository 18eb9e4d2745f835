"""Schemas printed, composed and checked, over stand-ins for services and composition."""

from pathlib import Path

import pytest

from portal.settings import SERVICES
from tests.support.portal_tree import PortalTree

COMPOSITION = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Subgraph:
    name: str
    url: str
    sdl: str

@dataclass(frozen=True)
class Composition:
    supergraph_sdl: str | None
    errors: tuple

def compose(subgraphs, public_roots=None):
    if any("BROKEN" in each.sdl for each in subgraphs):
        return Composition(None, ("FIELD_TYPE_MISMATCH: Case.number differs", "NO_QUERIES: none"))
    lines = [f"# {each.name} {each.url} {each.sdl.strip()}" for each in subgraphs]
    return Composition("\\n".join([*lines, f"# public: {sorted(public_roots)}"]), ())
"""
VIEWER = """
NAME = "viewer"

class schema:
    as_str = staticmethod(lambda: "type Query { me: Int }")
"""


@pytest.fixture
def tree(tmp_path: Path) -> PortalTree:
    tree = PortalTree(tmp_path)
    for name in SERVICES:
        tree.write(f"services/{name}/schema.py", f"print('type Query {{ {name}: Int }}')")
    tree.write("gateway/viewer.py", VIEWER)
    tree.write("gateway/composition/__init__.py", COMPOSITION)
    return tree


def test_each_schema_is_printed_into_its_file(tree: PortalTree) -> None:
    status, _ = tree.run("schema")

    assert status == 0
    assert _schema(tree, "cases").read_text() == "type Query { cases: Int }\n"


def test_a_stale_schema_is_found_and_left_as_it_is(tree: PortalTree) -> None:
    tree.run("schema")
    _schema(tree, "billing").write_text("old")

    status, output = tree.run("schema", "--check")

    assert status == 1
    assert output == "Stale: billing. Run `make schema`.\n"
    assert _schema(tree, "billing").read_text() == "old"


def test_current_schemas_pass_the_check(tree: PortalTree) -> None:
    tree.run("schema")

    assert tree.run("schema", "--check") == (0, "The services' schemas are up to date.\n")


def test_a_service_that_cannot_print_is_named_with_its_reason(tree: PortalTree) -> None:
    tree.write("services/cases/schema.py", "raise SystemExit('Case has no key')")

    status, output = tree.run("schema")

    assert status == 1
    assert output == "The cases service cannot print its schema:\nCase has no key\n"


def test_services_and_viewer_become_one_supergraph(tree: PortalTree) -> None:
    tree.run("schema")

    status, _ = tree.run("compose")

    lines = (tree.folder / "gateway" / "supergraph.graphql").read_text().splitlines()
    assert status == 0
    assert lines[1] == "# cases http://127.0.0.1:4002/graphql type Query { cases: Int }"
    assert lines[4] == "# viewer inprocess://viewer type Query { me: Int }"
    assert lines[5] == "# public: ['Query.me']"


def test_a_stale_supergraph_is_found(tree: PortalTree) -> None:
    tree.run("schema")
    tree.run("compose")
    _schema(tree, "billing").write_text("type Query { invoices: Int }\n")

    status, output = tree.run("compose", "--check")

    assert status == 1
    assert "supergraph.graphql is stale" in output


def test_a_current_supergraph_passes_the_check(tree: PortalTree) -> None:
    tree.run("schema")
    tree.run("compose")

    assert tree.run("compose", "--check") == (0, "The supergraph is up to date.\n")


def test_every_reason_against_composing_is_told(tree: PortalTree) -> None:
    tree.run("schema")
    _schema(tree, "cases").write_text("BROKEN")

    status, output = tree.run("compose")

    assert status == 1
    assert "  FIELD_TYPE_MISMATCH: Case.number differs\n  NO_QUERIES: none\n" in output
    assert not (tree.folder / "gateway" / "supergraph.graphql").exists()


def test_a_missing_schema_is_named(tree: PortalTree) -> None:
    status, output = tree.run("compose")

    assert status == 1
    assert "identity/schema.graphql is missing: write it with `portal schema`." in output


def _schema(tree: PortalTree, service: str) -> Path:
    return tree.folder / "services" / service / "schema.graphql"
