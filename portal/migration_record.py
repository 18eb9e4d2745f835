"""Which migrations the embedded databases have had, so that a start need not ask them again.

The record lies beside the databases and is deleted with them. Databases of the operator's own
are always asked.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.settings import CODE


@dataclass(frozen=True, slots=True)
class MigrationRecord:
    """By service: a fingerprint of the revisions its database is up to date with."""

    path: Path
    code: Path = CODE

    def pending(self, services: Iterable[str]) -> list[str]:
        """Those whose revisions are not the recorded ones."""
        known = self._read()
        return [name for name in services if known.get(name) != self._fingerprint(name)]

    def note(self, services: Iterable[str]) -> None:
        """These are up to date now."""
        known = self._read() | {name: self._fingerprint(name) for name in services}
        self.path.write_text(json.dumps(known, indent=2))

    def forget(self) -> None:
        """The databases are not what they were."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            known = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _fingerprint(self, service: str) -> str:
        folder = self.code / "services" / service / "migrations"
        digest = hashlib.sha256()
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()
