"""What every service is told from outside, read once from the environment.

A service subclasses `ServiceSettings` with its own prefix: `CASES_DATABASE_URL` and so on.
"""

from typing import Final

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.signing import Keyring

_FILE_KEY: Final = "1"


class ServiceSettings(BaseSettings):
    """The settings that all services share. Immutable; secrets never print."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(repr=False)
    redis_url: str = Field(repr=False)
    #: `id:hexsecret,…`: the gateway's keys; the first signs.
    signing_keys: str = Field(repr=False)
    #: Hex secret under which list cursors and signed URLs are authenticated.
    cursor_key: str = Field(repr=False, min_length=32)
    #: Where files are kept: `file:///…` or `s3://…`.
    files_url: str
    mail_url: str = "smtp://127.0.0.1:25"
    #: The origin that clients use: the gateway's.
    public_url: str = "http://127.0.0.1:4000"
    log_level: str = "INFO"
    database_pool_size: int = Field(default=5, ge=1)
    #: The largest request body a service accepts, in bytes.
    max_body: int = Field(default=4 * 1024 * 1024, ge=1024)
    #: The most representations one `_entities` call may hold.
    max_entities: int = Field(default=1000, ge=1)

    @field_validator("signing_keys")
    @classmethod
    def _keyring_parses(cls, text: str) -> str:
        Keyring.parse(text)
        return text

    @property
    def keyring(self) -> Keyring:
        """The gateway's keys."""
        return Keyring.parse(self.signing_keys)

    @property
    def cursor_secret(self) -> bytes:
        """`cursor_key` as bytes."""
        return bytes.fromhex(self.cursor_key)

    @property
    def file_keys(self) -> Keyring:
        """What the URLs of files are signed with: nobody but the service itself reads them."""
        return Keyring({_FILE_KEY: self.cursor_secret})
