"""Every code that a client may read is explained to those who write clients."""

import re
from pathlib import Path

import gateway

ROOT = Path(gateway.__file__).parent.parent

#: Codes of what never reaches a client of the API: they stop a start, or a change of the schema.
OPERATORS = {
    *("COMPOSITION_FAILED", "INVALID_MANIFEST", "INVALID_POLICIES", "INVALID_SUBGRAPH"),
    *("INVALID_SUPERGRAPH", "NO_SUPERGRAPH", "SUPERGRAPH_UNAVAILABLE"),
    # Between gateway and services.
    *("BAD_REPRESENTATION", "UNSIGNED"),
}
CODE = re.compile(
    r"""
    \bcode\s*(?::\s*ClassVar\[str\]\s*)?=\s*"([A-Z_]+)"
    | (?:refusal|Refused)\(\s*\d{3},\s*"([A-Z_]+)"
    | "code":\s*"([A-Z_]+)"
    | _ended\([^)]*"([A-Z_]+)"\)
    | DocumentError\(\s*"([A-Z_]+)"
    """,
    re.VERBOSE,
)


def codes() -> set[str]:
    found: set[str] = set()
    for folder in ("gateway", "kit", "services/cases/uploads"):
        for path in (ROOT / folder).rglob("*.py"):
            if "composition" not in path.parts:
                for groups in CODE.findall(path.read_text()):
                    found.update(filter(None, groups))
    return found


def test_every_code_is_in_the_clients_guide() -> None:
    guide = (ROOT / "docs" / "clients.md").read_text()
    explained = set(re.findall(r"`([A-Z_]+)`", guide))

    assert codes() - OPERATORS - explained == set()
