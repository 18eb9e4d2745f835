"""What the cases service is told from outside (`CASES_…`). Durations are in seconds."""

from datetime import timedelta

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings
from services.cases.models import CaseQueue
from services.cases.uploads.limits import UploadLimits
from services.cases.uploads.scanners import scanner_at


class Settings(ServiceSettings):
    """Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="CASES_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    #: Bytes of one file: against abuse, not against large files.
    max_file: int = Field(default=5 * 1024**4, ge=1)
    #: Uploads that one person may have begun and not finished.
    max_uploads: int = Field(default=100, ge=1)
    #: How long the rest of an upload is waited for after its last byte.
    upload_patience: int = Field(default=7 * 24 * 60 * 60, ge=60)
    #: How long a resolved case waits for an objection before it closes by itself.
    close_after: int = Field(default=14 * 24 * 60 * 60, ge=60)
    #: `clamd://host[:port]`, `clamd+unix:///path`, or `signature:`, which knows a test file only.
    scanner_url: str

    #: Whom mails come from, and where each desk reads of its cases, if it does.
    mail_sender: str = "support@localhost"
    mail_sender_name: str = "Customer support"
    desk_addresses: dict[CaseQueue, str] = Field(default_factory=dict)

    #: The domain of the addresses that mails are answered to; without, nobody answers by mail.
    reply_domain: str | None = None
    #: How long a mail can be answered: not longer than it is known what was sent.
    reply_lifetime: int = Field(default=30 * 24 * 60 * 60, ge=60, le=30 * 24 * 60 * 60)
    #: Where answers are taken by SMTP; without a port, nowhere. Bytes of the largest.
    mail_in_host: str = "127.0.0.1"
    mail_in_port: int | None = Field(default=None, ge=1, le=65_535)
    max_mail: int = Field(default=25 * 1024 * 1024, ge=1024)

    @field_validator("scanner_url")
    @classmethod
    def _scanner_is_known(cls, url: str) -> str:
        scanner_at(url)
        return url

    @property
    def reply_patience(self) -> timedelta:
        """`reply_lifetime` as a duration."""
        return timedelta(seconds=self.reply_lifetime)

    @property
    def upload_limits(self) -> UploadLimits:
        """The limits of uploads."""
        return UploadLimits(
            self.max_file, self.max_uploads, timedelta(seconds=self.upload_patience)
        )
