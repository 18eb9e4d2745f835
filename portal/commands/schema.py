"""`portal schema`: print each service's schema into the file that is committed."""

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.subgraphs import committed_path, printed_schemas


def schema(console: PortalConsole, *, check: bool) -> None:
    """Write the files that differ; with `check` write none, and raise `PortalError` for them."""
    schemas = printed_schemas()
    stale = [name for name, sdl in schemas.items() if _committed(name) != sdl]
    if stale and check:
        raise PortalError(f"Stale: {', '.join(stale)}. Run `make schema`.")
    for name in stale:
        committed_path(name).write_text(schemas[name], encoding="utf-8")
        console.note(f"Wrote {committed_path(name)}")
    if not stale:
        console.note("The services' schemas are up to date.")


def _committed(name: str) -> str | None:
    path = committed_path(name)
    return path.read_text(encoding="utf-8") if path.exists() else None
