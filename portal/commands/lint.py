"""`portal lint`: what clients lose besides the fields that they may not see."""

from pathlib import Path

from portal.console import PortalConsole
from portal.errors import PortalError
from portal.subgraphs import SUPERGRAPH


def lint(console: PortalConsole, file: Path | None, *, strict: bool) -> None:
    """Print each finding in the supergraph, by default the committed one.

    With `strict` raise `PortalError` when there are any, and always for what is no supergraph.
    """
    # Imported late: the other commands need no engine.
    from gateway.composition.lint.findings import lint as findings_in
    from gateway.errors import InvalidSupergraph
    from gateway.supergraph.reader import read_supergraph

    path = file or SUPERGRAPH
    try:
        supergraph = read_supergraph(path.read_text(encoding="utf-8"))
    except InvalidSupergraph as error:
        raise PortalError(f"{path}: {error}") from error
    findings = list(findings_in(supergraph))
    for finding in findings:
        console.note(str(finding))
    if strict and findings:
        what = "protected field takes" if len(findings) == 1 else "protected fields take"
        raise PortalError(f"{path}: {len(findings)} {what} more than what is protected.")
