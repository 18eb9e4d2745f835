"""The source that the settings name."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from gateway.errors import GatewayError
from gateway.settings import EngineSettings
from gateway.supergraph.source.file import FileSource
from gateway.supergraph.source.members import Member, check_names, read_members
from gateway.supergraph.source.source import Source
from gateway.supergraph.source.url import UrlSource

#: Seconds between looks, when nothing else is said.
_AT_FILES: Final = 1.0
_OVER_THE_NETWORK: Final = 10.0


class NoSource(GatewayError):
    """Nothing names a supergraph, or more than one thing does."""

    code = "NO_SUPERGRAPH"


def choose_source(settings: EngineSettings, members: Sequence[Member] = ()) -> Source:
    """A file, an address, or the subgraphs to compose: `members`, or those in a file.

    Raises `NoSource`, `InvalidMember`.
    """
    named = [settings.supergraph, settings.subgraphs, members or None]
    if sum(each is not None for each in named) != 1:
        raise NoSource("Name one of: --supergraph, --subgraph, --subgraphs.")
    if settings.supergraph is None:
        return _composed(settings, members)
    size = settings.max_supergraph
    if not settings.supergraph.startswith(("http://", "https://")):
        interval = settings.poll or _AT_FILES
        return FileSource(Path(settings.supergraph), interval=interval, max_size=size)
    return UrlSource(
        settings.supergraph,
        interval=settings.poll or _OVER_THE_NETWORK,
        timeout=settings.source_timeout,
        max_size=size,
    )


def _composed(settings: EngineSettings, members: Sequence[Member]) -> Source:
    # Imported late: who has a supergraph needs no composition, and starts faster without.
    from gateway.supergraph.source.composed import ComposedSource

    if settings.subgraphs is not None:
        name, given = str(settings.subgraphs), partial(read_members, settings.subgraphs)
    else:
        name = f"the subgraphs {', '.join(member.name for member in members)}"
        given = partial(check_names, members)
        given()
    return ComposedSource(
        name,
        given,
        interval=settings.poll or _OVER_THE_NETWORK,
        timeout=settings.source_timeout,
        max_size=settings.max_supergraph,
    )
