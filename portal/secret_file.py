"""Passwords and keys that the portal makes once and keeps in a file only its owner reads."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.errors import PortalError

_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class SecretFile:
    """Named secrets in one JSON file (mode 0600), written whole or not at all."""

    path: Path

    def secret(self, name: str, *, size: int = 32) -> str:
        """The secret of this name as hex of `size` bytes, made on first use."""
        known = self._read()
        if name not in known:
            known[name] = secrets.token_hex(size)
            self._write(known)
        return known[name]

    def _read(self) -> dict[str, str]:
        try:
            known = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise PortalError(
                f"{self.path} is damaged. Restore it, or delete all data with `portal reset`."
            ) from error
        if not isinstance(known, dict) or not all(isinstance(each, str) for each in known.values()):
            raise PortalError(f"{self.path} does not hold secrets by name.")
        return known

    def _write(self, known: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        if os.geteuid() == 0:
            # Root works for the folder's owner, who must be able to go on alone.
            owner = self.path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        with open(descriptor, "w") as file:
            json.dump(known, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
