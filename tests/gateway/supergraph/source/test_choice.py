"""Which source the settings name."""

from pathlib import Path

import pytest

from gateway.settings import EngineSettings
from gateway.supergraph.source.choice import NoSource, choose_source
from gateway.supergraph.source.composed import ComposedSource
from gateway.supergraph.source.file import FileSource
from gateway.supergraph.source.members import InvalidMember, Member
from gateway.supergraph.source.source import Pace
from gateway.supergraph.source.url import UrlSource

MEMBERS = [Member("a", "http://a.example"), Member("b", "http://b.example")]


@pytest.mark.parametrize(
    ("told", "members", "kind", "name", "pace"),
    [
        ({"supergraph": "x.graphql"}, [], FileSource, "x.graphql", Pace(1, False)),
        ({"supergraph": "https://u:p@a.example/x"}, [], UrlSource, "https://a.example/x",
         Pace(10, True)),
        ({"subgraphs": "x.toml"}, [], ComposedSource, "x.toml", Pace(10, True)),
        ({}, MEMBERS, ComposedSource, "the subgraphs a, b", Pace(10, True)),
        ({"supergraph": "x.graphql", "poll": 3}, [], FileSource, "x.graphql", Pace(3, False)),
        ({"poll": 3}, MEMBERS, ComposedSource, "the subgraphs a, b", Pace(3, True)),
    ],
)  # fmt: skip
def test_a_source_is_what_its_name_looks_like(
    told: dict[str, str], members: list[Member], kind: type, name: str, pace: Pace
) -> None:
    source = choose_source(EngineSettings.model_validate(told), members)

    assert isinstance(source, kind)
    assert (source.name, source.pace) == (name, pace)


@pytest.mark.parametrize(
    ("settings", "members"),
    [
        (EngineSettings(), []),
        (EngineSettings(supergraph="x"), MEMBERS),
        (EngineSettings(supergraph="x", subgraphs=Path("y")), []),
    ],
)
def test_one_source_and_no_other(settings: EngineSettings, members: list[Member]) -> None:
    with pytest.raises(NoSource):
        choose_source(settings, members)


def test_two_subgraphs_of_one_name_are_refused_at_once() -> None:
    with pytest.raises(InvalidMember):
        choose_source(EngineSettings(), [MEMBERS[0], MEMBERS[0]])
