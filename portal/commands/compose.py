"""`portal compose`: one supergraph from the services' committed schemas and the viewer's."""

from collections.abc import Sequence
from typing import Final

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.settings import SERVICES
from portal.subgraphs import SUPERGRAPH, committed_schemas, default_url

#: Root fields that answer callers without credentials.
PUBLIC_ROOTS: Final = frozenset({"Query.me"})

#: The viewer runs inside the gateway, which never asks this address.
_VIEWER_URL: Final = "inprocess://viewer"


def compose(console: PortalConsole, *, check: bool) -> None:
    """Write the supergraph; with `check` only raise `PortalError` when it is stale."""
    supergraph = composed()
    is_current = SUPERGRAPH.exists() and SUPERGRAPH.read_text(encoding="utf-8") == supergraph
    if is_current:
        console.note("The supergraph is up to date.")
        return
    if check:
        raise PortalError(f"{SUPERGRAPH} is stale. Run `make schema`.")
    SUPERGRAPH.write_text(supergraph, encoding="utf-8")
    console.note(f"Wrote {SUPERGRAPH}")


def composed() -> str:
    """The supergraph of what is committed. Raises `PortalError` with every reason against it."""
    # Imported late: the other commands need no engine.
    from gateway import viewer
    from gateway.composition import Subgraph
    from gateway.composition import compose as merge

    schemas = committed_schemas()
    services = [Subgraph(name, default_url(name), schemas[name]) for name in SERVICES]
    subgraphs = [*services, Subgraph(viewer.NAME, _VIEWER_URL, viewer.schema.as_str() + "\n")]
    composition = merge(subgraphs, public_roots=PUBLIC_ROOTS)
    if composition.supergraph_sdl is None:
        raise PortalError(_reasons(composition.errors))
    return composition.supergraph_sdl.rstrip("\n") + "\n"


def _reasons(errors: Sequence[object]) -> str:
    lines = "\n".join(f"  {error}" for error in errors)
    return f"The schemas do not compose:\n{lines}"
