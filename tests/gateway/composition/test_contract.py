"""The portal's contract composes, and the gateway can read the result."""

from pathlib import Path

import pytest
from graphql import OperationType

from gateway.composition import Composition, Subgraph, compose
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import FEDERATION, codes, definition, sdl_of

CONTRACT = Path(__file__).parents[2] / "contract" / "schema"
SERVICES = ("identity", "cases", "licensing", "billing", "gateway")


@pytest.fixture(scope="module")
def composition() -> Composition:
    return compose(_contract())


def test_the_contract_composes_without_a_hint(composition: Composition) -> None:
    assert composition.errors == ()
    assert composition.hints == ()


def test_the_gateway_reads_what_was_composed(composition: Composition) -> None:
    supergraph = read_supergraph(sdl_of(composition))

    assert set(supergraph.subgraphs) == set(SERVICES)
    assert set(supergraph.roots) == set(OperationType)


def test_a_value_type_of_all_subgraphs_is_the_same_everywhere(composition: Composition) -> None:
    money = definition(sdl_of(composition), "type Money")

    assert money.count("@join__type") == len(SERVICES)
    assert "@join__field" not in money


def test_composing_twice_gives_the_same_text(composition: Composition) -> None:
    again = compose(_contract())

    assert again == composition


def test_a_contract_without_rights_is_open_and_so_refused() -> None:
    composition = compose(_contract(), public_roots={"Query.me"})

    assert codes(composition) == ["ROOT_FIELD_WITHOUT_RULE"]
    assert "Query.me" not in {error.coordinate for error in composition.errors}


def _contract() -> list[Subgraph]:
    shared = (CONTRACT / "common.graphql").read_text()
    return [
        Subgraph(
            name,
            f"http://{name}.test/graphql",
            "\n".join([FEDERATION, shared, (CONTRACT / f"{name}.graphql").read_text()]),
        )
        for name in SERVICES
    ]
