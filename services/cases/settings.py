"""What the cases service is told from outside (`CASES_…`). Durations are in seconds."""

from datetime import timedelta

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.scanners import scanner_at


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="CASES_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    #: Bytes of one file: against abuse, not against large files.
    max_file: int = Field(default=5 * 1024**4, ge=1)
    #: Uploads that one person may have begun and not finished.
    max_uploads: int = Field(default=100, ge=1)
    #: How long the rest of an upload is waited for after its last byte.
    upload_patience: int = Field(default=7 * 24 * 60 * 60, ge=60)
    #: `clamd://host[:port]`, `clamd+unix:///path`, or `signature:`, which knows a test file only.
    scanner_url: str

    @field_validator("scanner_url")
    @classmethod
    def _scanner_is_known(cls, url: str) -> str:
        scanner_at(url)
        return url

    @property
    def upload_limits(self) -> UploadLimits:
        """The limits of uploads."""
        return UploadLimits(
            self.max_file, self.max_uploads, timedelta(seconds=self.upload_patience)
        )
