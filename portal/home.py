"""The folder in which a portal keeps what must outlive a run, and its deletion."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.errors import PortalError
from portal.migration_record import MigrationRecord
from portal.secret_file import SecretFile

#: Below this, PostgreSQL may stop in the middle of a write.
_LEAST_FREE: Final = 300 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    """`.portal/`: databases, mail, files, secrets."""

    folder: Path

    @property
    def lock(self) -> Path:
        """Held by the running portal."""
        return self.folder / "lock"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's."""
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        """The embedded Valkey's."""
        return self.folder / "valkey"

    @property
    def mail(self) -> Path:
        """Mail that was sent, one `.eml` file each."""
        return self.folder / "mail"

    @property
    def files(self) -> Path:
        """The object store."""
        return self.folder / "files"

    @property
    def seeding(self) -> Path:
        """Exists from the moment demonstration data are being made."""
        return self.folder / "seeding"

    @property
    def seeded(self) -> Path:
        """Exists once the demonstration data are complete."""
        return self.folder / "seeded"

    @property
    def migrations(self) -> MigrationRecord:
        """What the embedded databases are up to date with."""
        return MigrationRecord(self.postgres / "migrations.json")

    @property
    def secrets(self) -> SecretFile:
        """Passwords and keys, made once."""
        return SecretFile(self.folder / "secrets.json")

    def prepare(self) -> None:
        """Make the folders. Raises `PortalError` when that fails or the disk is nearly full."""
        try:
            for folder in (self.folder, self.mail, self.files):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise PortalError(f"{self.folder} cannot be used: {error.strerror}.") from error
        if free < _LEAST_FREE:
            raise PortalError(
                f"Only {free >> 20} MB are free in {self.folder}: "
                f"{_LEAST_FREE >> 20} MB are needed. Make room and start the portal again."
            )

    def delete(self) -> None:
        """Delete all of it, and only it: whatever else lies in the folder stays."""
        try:
            for folder in (self.postgres, self.valkey, self.mail, self.files):
                if folder.exists():
                    shutil.rmtree(folder)
            for file in (self.seeding, self.seeded, self.secrets.path, self.lock):
                file.unlink(missing_ok=True)
            if self.folder.exists() and not any(self.folder.iterdir()):
                self.folder.rmdir()
        except OSError as error:
            raise PortalError(f"{error.filename} cannot be deleted: {error.strerror}.") from error


def home_at(folder: Path) -> Home:
    """The home in this folder, wherever we are."""
    return Home(folder.absolute())
