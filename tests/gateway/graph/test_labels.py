"""Labels of progressive @override."""

import pytest

from gateway.errors import InvalidSupergraph
from gateway.graph.labels import Labels
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import supergraph_of

_LABELS = ("percent(10)", "percent(50)", "new-prices")


def labelled() -> Supergraph:
    """A supergraph in which b takes fields over from a, one for each label."""
    former = "\n".join(f"field{n}: Int" for n in range(len(_LABELS)))
    latter = "\n".join(
        f'field{n}: Int @override(from: "a", label: "{label}")' for n, label in enumerate(_LABELS)
    )
    return read_supergraph(
        supergraph_of(
            f'type Query {{ thing: Thing }} type Thing @key(fields: "id") {{ id: ID! {former} }}',
            f'type Thing @key(fields: "id") {{ id: ID! {latter} }}',
        )
    )


@pytest.mark.parametrize(
    ("drawn", "active"),
    [
        (0.0, {"percent(10)", "percent(50)"}),
        (0.0999, {"percent(10)", "percent(50)"}),
        (0.1, {"percent(50)"}),
        (0.5, set()),
    ],
)
def test_a_percentage_is_active_for_its_share_of_requests(drawn: float, active: set[str]) -> None:
    labels = Labels(labelled(), draw=lambda: drawn)

    assert labels.active() == active


def test_a_name_is_active_when_it_is_switched_on() -> None:
    labels = Labels(labelled(), ["new-prices", "unknown"], draw=lambda: 0.9)

    assert labels.active() == {"new-prices"}


def test_a_percentage_cannot_be_switched_on_by_name() -> None:
    labels = Labels(labelled(), ["percent(10)"], draw=lambda: 0.9)

    assert labels.active() == frozenset()


def test_a_percentage_beyond_a_hundred_is_refused() -> None:
    sdl = supergraph_of(
        'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! name: Int }',
        'type Thing @key(fields: "id") { id: ID! '
        'name: Int @override(from: "a", label: "percent(10)") }',
    )

    with pytest.raises(InvalidSupergraph, match="takes 0 to 100"):
        Labels(read_supergraph(sdl.replace("percent(10)", "percent(101)")))
