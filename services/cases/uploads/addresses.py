"""Where uploads are, on the gateway's origin and on the service's own."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from kit.ids import from_global, to_global

UPLOAD_PREFIX: Final = "upl"

#: New uploads are announced here; each is below it.
FOLDER: Final = "/uploads/cases"


@dataclass(frozen=True, slots=True)
class UploadUrls:
    """Addresses that clients may use. `origin` is the gateway's."""

    origin: str

    def of(self, id: UUID) -> str:
        """The upload's address."""
        return f"{self.origin.rstrip('/')}{FOLDER}/{to_global(UPLOAD_PREFIX, id)}"


def upload_at(url: str) -> UUID | None:
    """The upload that an absolute or relative URL names, whatever its origin; None if it names
    none."""
    folder, _, name = urlsplit(url).path.rpartition("/")
    return from_global(UPLOAD_PREFIX, name) if folder == FOLDER else None
